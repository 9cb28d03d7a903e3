int shared(int x) { return 3 * x; }
