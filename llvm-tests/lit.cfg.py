#===- lit.cfg.py - how the tests run -----------------------*- Python -*-===#
#
# Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===--------------------------------------------------------------------===#
#
# Answers: what may a test use? Everything is found in the build tree and in
# LLVM 19's folder, so a test's RUN lines work in a shell too once these names
# are set. docs/testing.md lists them for people.
#
#===--------------------------------------------------------------------===#

import os
import shutil

import lit.formats

config.name = "UpStare"
# An external shell: tests start servers in the background.
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".ll", ".c", ".cpp", ".test"]
# unit/ has its own configuration (GoogleTest) in the build tree.
config.excludes = ["Inputs", "unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.upstare_build, "llvm-tests")

bin_dir = os.path.join(config.upstare_build, "bin")
llvm_bin = config.llvm_bin
plugin = os.path.join(config.upstare_build, "lib", "libUpStare.so")

config.environment["PATH"] = os.pathsep.join(
    [bin_dir, llvm_bin, config.environment["PATH"]]
)
# Nothing from the outside decides what is tested.
for name in list(os.environ):
    if name.startswith("UPSTARE_"):
        config.environment.pop(name, None)
config.environment["LC_ALL"] = "C"

# The plugin is loaded into a clang and an opt without a sanitizer. Nor has
# LLVM's library one: memory that its allocators' inline functions have marked in
# our objects, it uses unmarked. Short-lived tools do not free everything.
loaders = llvm_bin
if config.sanitized:
    loaders = os.path.join(config.upstare_build, "llvm-tests", "preloading")
    config.environment["PATH"] = os.pathsep.join(
        [loaders, config.environment["PATH"]]
    )
    config.environment["ASAN_OPTIONS"] = (
        "allow_user_poisoning=0:detect_leaks=0"
    )
    config.available_features.add("sanitized")

substitutions = {
    "upstare_cc": os.path.join(bin_dir, "upstare-cc"),
    "upstare_cxx": os.path.join(bin_dir, "upstare-c++"),
    "patchgen": os.path.join(bin_dir, "upstare-patchgen"),
    "ctl": os.path.join(bin_dir, "upstare-ctl"),
    "sweep": os.path.join(bin_dir, "upstare-sweep"),
    "opt": os.path.join(loaders, "opt") + " -load-pass-plugin=" + plugin,
    "plugin": plugin,
    "clang": os.path.join(loaders, "clang"),
    "clangxx": os.path.join(loaders, "clang++"),
    "build": config.upstare_build,
    "source": config.upstare_source,
    "include": os.path.join(config.upstare_source, "runtime", "include"),
    "cmake": config.cmake,
    # A program that is updated with itself at every point (sweep/).
    "identity_sweep": os.path.join(
        config.test_source_root, "sweep", "Inputs", "identity-sweep"
    ),
    # A program that is updated at a point under each optimisation level.
    "update_at": os.path.join(
        config.test_source_root, "update", "Inputs", "update-at"
    ),
    # The same for programs with shared libraries.
    "update_libraries_at": os.path.join(
        config.test_source_root, "libraries", "Inputs", "update-at"
    ),
}
for name, value in substitutions.items():
    config.substitutions.append(("%" + name + r"\b", value))

for feature, program in (
    ("clang-14", "clang-14"),
    ("clang-format-19", "clang-format-19"),
    ("valgrind", "valgrind"),
    ("make", "make"),
    ("csmith", "csmith"),
    ("gcc", "gcc"),
    ("ld.bfd", "ld.bfd"),
    ("ld.gold", "ld.gold"),
):
    if shutil.which(program):
        config.available_features.add(feature)
if os.path.exists("/usr/include/kissfft/kissfft.hh"):
    config.available_features.add("kissfft")

# A hang is a failure, with the output so far.
supported, _ = lit.util.killProcessAndChildrenIsSupported()
if supported:
    lit_config.maxIndividualTestTime = 300
