# SPDX-License-Identifier: GPL-3.0-or-later
# danube_module(NAME [DEPENDS room...] [LINK lib...]): the static library of the current folder's *.cpp (not its
# sub-folders). NAME is the folder's path with "/" as "_"; DEPENDS names other rooms and is checked by tests/arch.
function(danube_module name)
    cmake_parse_arguments(arg "" "" "DEPENDS;LINK" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    if(NOT sources MATCHES "\\.cpp")
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE danube_settings Qt6::Core ${arg_DEPENDS} ${arg_LINK})
        return()
    endif()
    add_library(${name} STATIC ${sources})
    set_target_properties(${name} PROPERTIES AUTOMOC ON AUTOUIC ON LINKER_LANGUAGE CXX)
    target_precompile_headers(${name} REUSE_FROM danube_pch)
    target_link_libraries(${name} PUBLIC danube_settings Qt6::Core ${arg_DEPENDS} ${arg_LINK})
endfunction()

# danube_program(NAME [DEPENDS room...] [LINK lib...] [COMPONENT name]): an executable from main.cpp of the current folder,
# installed with the others or as a component of its own.
function(danube_program name)
    cmake_parse_arguments(arg "" "COMPONENT" "DEPENDS;LINK" ${ARGN})
    if(NOT arg_COMPONENT)
        set(arg_COMPONENT Unspecified)
    endif()
    add_executable(${name} main.cpp)
    target_precompile_headers(${name} REUSE_FROM danube_pch)
    target_link_libraries(${name} PRIVATE danube_settings Qt6::Core ${arg_DEPENDS} ${arg_LINK})
    install(TARGETS ${name} COMPONENT ${arg_COMPONENT})
endfunction()

# danube_qttest(PROGRAM SOURCE [DEPENDS room...] [LINK lib...] [NEEDS target...]): one Qt Test program from one source. moc is
# called directly, for the one file there is: AUTOMOC would cost each of hundreds of programs two seconds.
function(danube_qttest program source)
    cmake_parse_arguments(arg "" "" "DEPENDS;LINK;NEEDS" ${ARGN})
    set(moc ${CMAKE_CURRENT_BINARY_DIR}/${program}.moc)
    add_custom_command(OUTPUT ${moc} COMMAND Qt6::moc -nn ${source} -o ${moc} DEPENDS ${source} VERBATIM)
    add_executable(${program} ${source} ${moc})
    set_target_properties(${program} PROPERTIES AUTOMOC OFF AUTOUIC OFF RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_include_directories(${program} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
    target_precompile_headers(${program} REUSE_FROM danube_pch)
    target_compile_definitions(${program} PRIVATE DANUBE_BIN_DIR="${CMAKE_BINARY_DIR}/bin" DANUBE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_link_libraries(${program} PRIVATE danube_settings Qt6::Core Qt6::Test ${arg_DEPENDS} ${arg_LINK})
    if(arg_NEEDS)
        add_dependencies(${program} ${arg_NEEDS})
    endif()
endfunction()

# danube_tests([DEPENDS room...] [LINK lib...] [LABELS label...] [TIMEOUT seconds]): every tst_*.cpp of the current folder
# becomes one Qt Test program and one ctest of its name.
function(danube_tests)
    cmake_parse_arguments(arg "" "TIMEOUT" "DEPENDS;LINK;LABELS;NEEDS" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tst_*.cpp)
    foreach(source IN LISTS sources)
        get_filename_component(name ${source} NAME_WE)
        danube_qttest(${name} ${source} DEPENDS ${arg_DEPENDS} LINK ${arg_LINK} NEEDS ${arg_NEEDS})
        add_test(NAME ${name} COMMAND ${name})
        set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
                                                ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
    endforeach()
endfunction()

# danube_checks([DEPENDS room...] [LINK lib...] [WINDOWED number...]): every a??_*.cpp of the current folder is one acceptance
# check of the console and a ctest of its name: a07_livetable.cpp is A7. Those of WINDOWED get an X server of their own.
function(danube_checks)
    cmake_parse_arguments(arg "" "" "DEPENDS;LINK;NEEDS;WINDOWED" ${ARGN})
    find_program(DANUBE_XVFB_RUN xvfb-run REQUIRED)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/a[0-9][0-9]_*.cpp)
    foreach(source IN LISTS sources)
        get_filename_component(program ${source} NAME_WE)
        string(REGEX REPLACE "^a0?([0-9]+)_.*" "\\1" number ${program})
        danube_qttest(${program} ${source} DEPENDS ${arg_DEPENDS} LINK ${arg_LINK} NEEDS ${arg_NEEDS})
        if(number IN_LIST arg_WINDOWED)
            add_test(NAME A${number} COMMAND ${DANUBE_XVFB_RUN} -a -s "-screen 0 1280x800x24" $<TARGET_FILE:${program}>)
            set(platform xcb)
        else()
            add_test(NAME A${number} COMMAND ${program})
            set(platform offscreen)
        endif()
        set_tests_properties(A${number} PROPERTIES TIMEOUT 240 LABELS check ENVIRONMENT "QT_QPA_PLATFORM=${platform}")
    endforeach()
endfunction()

# danube_be_patient(FOLDER): multiplies the timeouts of the folder's tests by DANUBE_TEST_PATIENCE, for builds whose programs are
# slower (sanitizers), and tells them. The one place where that is said.
set(DANUBE_TEST_PATIENCE 1 CACHE STRING "factor for the timeouts of tests")
function(danube_be_patient folder)
    get_property(tests DIRECTORY ${folder} PROPERTY TESTS)
    foreach(name IN LISTS tests)
        get_test_property(${name} TIMEOUT DIRECTORY ${folder} timeout)
        if(timeout AND NOT DANUBE_TEST_PATIENCE EQUAL 1)
            math(EXPR timeout "${timeout} * ${DANUBE_TEST_PATIENCE}")
            set_tests_properties(${name} DIRECTORY ${folder} PROPERTIES TIMEOUT ${timeout})
            set_property(TEST ${name} DIRECTORY ${folder} APPEND PROPERTY ENVIRONMENT DANUBE_TEST_PATIENCE=${DANUBE_TEST_PATIENCE}
                         LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/leaks.supp:print_suppressions=0)
        endif()
    endforeach()
endfunction()
