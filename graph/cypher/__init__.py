"""Users' own statements, which may only read.

Six layers; each catches what another might miss:

1. the server's READ access mode, in a transaction that is never committed (`run`);
2. the text: one statement, short, not deeply nested, without options (`guard`, `tokens`);
3. EXPLAIN with the same parameters: the type of the plan must be exactly `r` (`plan`);
4. the plan with its details: no import, no procedure or function outside a list (`plan`);
5. the server's own settings: no files, no addresses, memory by transaction (`graph.store.local`);
6. limits of time, rows, bytes and concurrency, the planner's time among them (`run`, `api`).
"""
