//===- fft.cpp - KissFFT at work --------------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// fft POINTS TRANSFORMS [PLANS]: plans a transform of float (PLANS times) and
// transforms there and back. Prints a checksum.
//
//===----------------------------------------------------------------------===//

#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <kissfft/kissfft.hh>
#include <vector>

int main(int argc, char **argv) {
  const std::size_t points = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
  const long transforms = argc > 2 ? std::atol(argv[2]) : 1;
  const long plans = argc > 3 ? std::atol(argv[3]) : 1;
  if (points == 0) {
    std::fprintf(stderr, "usage: fft POINTS TRANSFORMS [PLANS]\n");
    return 2;
  }
  double checksum = 0;
  for (long n = 1; n < plans; ++n) {
    kissfft<float> again(points, n % 2 != 0);
    checksum += static_cast<double>(n);
  }
  kissfft<float> forward(points, false), backward(points, true);
  std::vector<std::complex<float>> signal(points), spectrum(points);
  for (std::size_t i = 0; i < points; ++i)
    signal[i] = {static_cast<float>(i % 17) - 8, static_cast<float>(i % 5)};
  const float scale = 1 / static_cast<float>(points);
  for (long n = 0; n < transforms; ++n) {
    forward.transform(signal.data(), spectrum.data());
    backward.transform(spectrum.data(), signal.data());
    for (std::complex<float> &value : signal)
      value *= scale;
    checksum += std::abs(spectrum[points / 3]);
  }
  std::printf("%.6g\n", checksum);
  return 0;
}
