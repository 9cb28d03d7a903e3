// Floating point, vectors and complex numbers held across points.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O3 -ffast-math
// RUN: %identity_sweep %t %s -O3 -mavx2
// RUN: %identity_sweep %t %s -O2 -flto

#include "Inputs/sweep.h"

#include <complex.h>

typedef float float4 __attribute__((vector_size(16)));
typedef double double4 __attribute__((vector_size(32)));
typedef int int8 __attribute__((vector_size(32)));
typedef short short3 __attribute__((ext_vector_type(3)));

// More values than there are registers, all alive across the calls.
NOINLINE static double many(double a, float b, long double c) {
  double d = a * 2, e = d + b, f = e - a, g = f * 3, h = g + 1, i = h / 3;
  float j = b * 4, k = j - 1, l = k * k;
  long double m = c / 4, n = m + 1;
  point();
  double o = a + d + e + f + g + h + i;
  point();
  o += (double)(j + k + l);
  return o + (double)(m * n + c);
}

NOINLINE static float4 vectors(float4 a, double4 b, int8 c) {
  float4 sum = a + 1;
  double4 scaled = b * 2.5;
  int8 shifted = c << 1;
  point();
  for (int i = 0; i < 4; i++)
    sum[i] += (float)scaled[i] + (float)shifted[i] + (float)shifted[i + 4];
  point();
  return sum * a;
}

NOINLINE static long odd_vector(short3 v) {
  short3 w = v * 3;
  point();
  return w.x + w.y * 10 + w.z * 100 + v.x;
}

NOINLINE static float complex complex_float(float complex z) {
  float complex w = z * z;
  point();
  return w + conjf(z);
}

NOINLINE static double complex complex_double(double complex z, int n) {
  double complex w = 1;
  for (int i = 0; i < n; i++) {
    w = w * z + i;
    point();
  }
  return w;
}

NOINLINE static long double complex complex_long(long double complex z) {
  long double complex w = z + 1;
  point();
  return w * z;
}

NOINLINE static double accumulate(const float *values, int count) {
  float least = values[0];
  double sum = 0;
  for (int i = 0; i < count; i++) {
    if (values[i] < least)
      least = values[i];
    sum += values[i] * (double)opaque(i);
  }
  return sum / least;
}

int main(void) {
  float values[12];
  for (int i = 0; i < 12; i++)
    values[i] = (float)(i * i - 20) + 0.5f;
  mix((long)(many(1.25, -3.5f, 7.75L) * 1000));
  report("many");
  float4 v = vectors((float4){1, 2, 3, 4}, (double4){5, 6, 7, 8},
                     (int8){1, 2, 3, 4, 5, 6, 7, 8});
  mix_bytes(&v, sizeof v);
  mix(odd_vector((short3){7, -8, 9}));
  report("vectors");
  float complex f = complex_float(1.5f + 2.0f * I);
  double complex d = complex_double(0.5 - 0.25 * I, 9);
  long double complex l = complex_long(3.0L + 0.5L * I);
  mix((long)(crealf(f) * 100 + cimagf(f)));
  mix((long)(creal(d) * 1e6 + cimag(d) * 1e3));
  mix((long)(creall(l) * 100 + cimagl(l)));
  report("complex");
  mix((long)(accumulate(values, 12) * 1000));
  report("accumulate");
  return 0;
}
