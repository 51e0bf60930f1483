"""What stands between the socket and the routes: middleware, and what it shares."""
