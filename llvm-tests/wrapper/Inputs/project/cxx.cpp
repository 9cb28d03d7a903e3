extern "C" int cxx(int x) { auto times = [x](int n) { return n * x; }; return times(4); }
