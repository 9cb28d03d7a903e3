int part(int x) { return 2 * x; }
