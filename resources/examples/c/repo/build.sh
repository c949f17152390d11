#!/bin/sh
# build.sh compile | test | check | pack VERSION: everything lands in out/.
set -eu
flags="-std=c11 -O2 -g -Wall -Wextra -Werror -Isrc"

compile() {
    mkdir -p out
    for source in src/tally.c src/main.c tests/test_tally.c; do
        object=out/$(basename "$source" .c).o
        echo "cc $source"
        cc $flags -c "$source" -o "$object"
    done
    cc out/tally.o out/main.o -o out/tally
    cc out/tally.o out/test_tally.o -o out/test_tally
}

check() {
    printf 'the river and the sea\nthe sea\n' >out/input
    out/tally <out/input >out/answer
    cat out/answer
    printf '3 the\n2 sea\n1 and\n1 river\n' | cmp - out/answer
}

pack() {
    name=tally-$1
    rm -rf "out/$name"
    mkdir "out/$name"
    cp out/tally README.md "out/$name/"
    # The same commit gives the same bytes: no times, no user.
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C out -cf - "$name" | gzip -n >"out/$name.tar.gz"
    echo "out/$name.tar.gz"
}

case ${1:-} in
compile) compile ;;
test) out/test_tally ;;
check) check ;;
pack) pack "${2:?pack needs a version}" ;;
*) echo "usage: build.sh compile | test | check | pack VERSION" >&2; exit 2 ;;
esac
