// The best chain between two entities over the visible connections: the one whose weakest hop is the
// strongest (by status, then by independent accounts), then the shortest. Directions of ties do not matter.

const rankOf = (edge) => data.statuses[edge.status].rank;
const otherEnd = (edge, id) => (edge.from === id ? edge.to : edge.from);
const descending = (numbers) => [...new Set(numbers)].sort((a, b) => b - a);
const weaker = (a, b) => rankOf(a) - rankOf(b) || a.independent - b.independent;

// The fewest hops over these edges, as edges in order; null where no chain joins the two.
function shortest(from, to, allowed) {
  const cameBy = new Map([[from, null]]);
  for (const here of cameBy.keys()) {
    if (here === to) return walkBack(to, cameBy);
    for (const edge of edgesOf.get(here)) {
      const next = otherEnd(edge, here);
      if (allowed.has(edge) && !cameBy.has(next)) cameBy.set(next, edge);
    }
  }
  return null;
}

function walkBack(to, cameBy) {
  const chain = [];
  for (let here = to; cameBy.get(here); here = otherEnd(chain[0], here)) {
    chain.unshift(cameBy.get(here));
  }
  return chain;
}

function chainOf({ from, to }) {
  const open = data.edges.filter((edge) => visible.edges.has(edge.id));
  for (const rank of descending(open.map(rankOf))) {
    const strong = open.filter((edge) => rankOf(edge) >= rank);
    if (!shortest(from, to, new Set(strong))) continue;
    for (const independent of descending(strong.map((edge) => edge.independent))) {
      const chain = shortest(from, to, new Set(strong.filter((edge) => edge.independent >= independent)));
      if (chain) return chain;
    }
  }
  return [];
}

function weakest(chain) {
  return [...chain].sort(weaker)[0];
}
