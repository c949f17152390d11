# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target, danube_settings, carries what every target is compiled with.
option(DANUBE_WERROR "warnings are errors" OFF)
option(DANUBE_FUZZ "build the libFuzzer targets (clang)" OFF)
set(DANUBE_SANITIZE "" CACHE STRING "-fsanitize= list, for example address,undefined")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF) # no modules here: spares a second preprocessing of every file
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_COMPILE_OPTIONS_PIE -fPIC) # programs too, so that one precompiled header fits all
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)

find_program(DANUBE_CCACHE ccache)
if(DANUBE_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${DANUBE_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${DANUBE_CCACHE})
endif()
find_program(DANUBE_MOLD mold)
if(DANUBE_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

add_library(danube_settings INTERFACE)
target_include_directories(danube_settings INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(danube_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                                 $<$<BOOL:${DANUBE_WERROR}>:-Werror>)
target_compile_definitions(danube_settings INTERFACE QT_NO_CONTEXTLESS_CONNECT QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_ASCII
                                                     QT_NO_FOREACH DANUBE_VERSION="${PROJECT_VERSION}")
if(DANUBE_SANITIZE)
    # Not where the target's property DANUBE_UNSANITIZED is set.
    set(sanitized "$<NOT:$<BOOL:$<TARGET_PROPERTY:DANUBE_UNSANITIZED>>>")
    target_compile_options(danube_settings INTERFACE "$<${sanitized}:-fsanitize=${DANUBE_SANITIZE}>"
                                                     "$<${sanitized}:-fno-sanitize-recover=all>")
    target_link_options(danube_settings INTERFACE "$<${sanitized}:-fsanitize=${DANUBE_SANITIZE}>")
endif()
if(DANUBE_FUZZ)
    target_compile_options(danube_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
