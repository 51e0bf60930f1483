"""What a request may ask: one model a route, each inheriting what all graph reads share.

A second query model, or a loose `Query` beside one, would make every request 422: FastAPI checks
each model against all parameters. So a route names exactly one.
"""
