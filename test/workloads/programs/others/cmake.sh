# CMake with Ninja: a library, a program and tests in C and C++, generated headers, a rebuild, make as another generator.
mkdir -p src && cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.20)
project(sample VERSION 1.2 LANGUAGES C CXX)
configure_file(config.h.in config.h)
include(CheckIncludeFile)
check_include_file(unistd.h HAVE_UNISTD)
check_include_file(no_such_header.h HAVE_NONE)
message(STATUS "unistd '${HAVE_UNISTD}' none '${HAVE_NONE}'")
add_library(shapes STATIC shapes.cc)
add_library(plugin SHARED plugin.c)
add_executable(sample main.cc)
target_include_directories(sample PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
target_link_libraries(sample shapes plugin)
add_custom_command(OUTPUT list.txt COMMAND sample 9 > list.txt DEPENDS sample)
add_custom_target(list ALL DEPENDS list.txt)
enable_testing()
add_test(NAME three COMMAND sample 3)
add_test(NAME fails COMMAND sample 0)
set_tests_properties(fails PROPERTIES WILL_FAIL TRUE)
END
echo '#define VERSION "@PROJECT_VERSION@"' >src/config.h.in; echo 'extern "C" int plugin(int); double area(double r) { return plugin(3) * r * r; }' >src/shapes.cc; echo 'int plugin(int x) { return x; }' >src/plugin.c
printf '#include "config.h"\n#include <cstdlib>\n#include <iostream>\ndouble area(double);\nint main(int, char **v) { double r = atof(v[1]); std::cout << VERSION << " " << area(r) << "\\n"; return r == 0; }\n' >src/main.cc
cmake -S src -B build -G Ninja -DCMAKE_BUILD_TYPE=Release 2>&1 | grep -E "unistd|error|Generating done" | sed 's/(.*)//'; ninja -C build -j4 2>&1 | tail -n 1 | grep -c '^\[11/11\]\|^\[[0-9]*/[0-9]*\]'; cat build/list.txt; (cd build && ctest 2>&1 | sed 's/  *[0-9.]* sec.*//; /Total Test time/d; /Test project/d'); echo '// more' >>src/shapes.cc; ninja -C build -n 2>/dev/null | grep -c shapes; ninja -C build >/dev/null; echo "again $?"; ninja -C build 2>&1 | tail -n 1
cmake -S src -B build2 -G 'Unix Makefiles' >/dev/null 2>&1; make -C build2 -j3 2>&1 | grep -c Built; ./build2/sample 2; cmake -E md5sum src/plugin.c; cmake -P /dev/stdin <<<'foreach(i RANGE 3) math(EXPR j "${i} * 7") message("${j}") endforeach()' 2>&1; rm -rf src build build2
