# One set of warnings for all of the project's own code.
add_compile_options(-Wall -Wextra -Wno-unused-parameter -fvisibility=hidden
                    $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>)
