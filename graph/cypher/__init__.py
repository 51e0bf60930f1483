"""Statements of anybody's, which may only read.

Six layers, each of which holds what another one might miss:

1. the server's READ access mode, in a transaction that is never committed (`graph.store`);
2. the text: one statement, short and shallow, without options (`text`, `tokens`);
3. EXPLAIN with the same parameters, whose type must be exactly `r` (`plan`);
4. the plan, details included: no import, no procedure or function outside a list (`plan`);
5. the server's own settings: no files, no addresses, memory by transaction (`graph.store.local`);
6. limits of time, rows, bytes and places, the planner's time among them (`graph.store`, `api`).

The modules here are rules and know no driver.
"""
