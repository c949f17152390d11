# SPDX-License-Identifier: GPL-3.0-or-later
# danube_translations(TARGET LANGUAGE...): makes danube_LANGUAGE.ts of resources/translations into catalogs inside TARGET,
# ":/translations/danube_LANGUAGE.qm", with Qt's own texts beside them (the buttons of dialogs, say), so that a program has its
# languages wherever it is installed.
function(danube_translations target)
    get_target_property(qmake Qt6::qmake IMPORTED_LOCATION)
    execute_process(COMMAND ${qmake} -query QT_INSTALL_TRANSLATIONS OUTPUT_VARIABLE qt_catalogs OUTPUT_STRIP_TRAILING_WHITESPACE
                    COMMAND_ERROR_IS_FATAL ANY)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/translations)
    file(MAKE_DIRECTORY ${folder})
    set(files)
    foreach(language IN LISTS ARGN)
        danube_catalog(${CMAKE_SOURCE_DIR}/resources/translations/danube_${language}.ts ${folder}/danube_${language}.qm)
        list(APPEND files ${folder}/danube_${language}.qm)
        if(NOT language STREQUAL en)
            if(NOT EXISTS ${qt_catalogs}/qtbase_${language}.qm)
                message(FATAL_ERROR "Qt's own texts in '${language}' are not in ${qt_catalogs}: install qt6-translations-l10n")
            endif()
            configure_file(${qt_catalogs}/qtbase_${language}.qm ${folder}/qtbase_${language}.qm COPYONLY)
            list(APPEND files ${folder}/qtbase_${language}.qm)
        endif()
    endforeach()
    qt_add_resources(${target} ${target}_translations PREFIX /translations BASE ${folder} FILES ${files})
endfunction()

# danube_catalog(TS QM): the command that makes one from the other.
function(danube_catalog ts qm)
    add_custom_command(OUTPUT ${qm} COMMAND Qt6::lrelease -silent ${ts} -qm ${qm} DEPENDS ${ts} VERBATIM)
endfunction()
