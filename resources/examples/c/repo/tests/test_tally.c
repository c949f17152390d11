#include "tally.h"

#include <stdio.h>
#include <string.h>

static int failures;

static void check(int holds, const char *what)
{
    printf("%s  %s\n", holds ? "\033[32mok\033[0m  " : "\033[31mFAIL\033[0m", what);
    failures += !holds;
}

static void counts_words_without_regard_to_case(void)
{
    struct tally *tally = tally_new();
    const char *text = "Sea, sea; SEA and river";
    tally_add_text(tally, text, strlen(text));
    const struct tally_entry *entries = tally_sorted(tally);
    check(tally_size(tally) == 3, "three different words");
    check(strcmp(entries[0].word, "sea") == 0 && entries[0].count == 3, "the most frequent one comes first");
    check(strcmp(entries[1].word, "and") == 0, "equal ones follow the alphabet");
    tally_free(tally);
}

static void takes_empty_texts(void)
{
    struct tally *tally = tally_new();
    tally_add_text(tally, "", 0);
    tally_add_text(tally, " .,\n", 4);
    check(tally_size(tally) == 0 && tally_sorted(tally) != NULL, "no words, no entries");
    tally_free(tally);
}

static void grows(void)
{
    struct tally *tally = tally_new();
    char word[32];
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 50000; ++i)
            tally_add(tally, word, (size_t)snprintf(word, sizeof word, "w%d", i));
    }
    const struct tally_entry *entries = tally_sorted(tally);
    check(tally_size(tally) == 50000, "fifty thousand words");
    check(entries[0].count == 2 && entries[49999].count == 2, "each seen twice");
    tally_free(tally);
}

static void tells_prefixes_apart(void)
{
    struct tally *tally = tally_new();
    tally_add(tally, "river", 5);
    tally_add(tally, "rivers", 6);
    tally_add(tally, "rive", 4);
    check(tally_size(tally) == 3, "a prefix is another word");
    tally_free(tally);
}

int main(void)
{
    counts_words_without_regard_to_case();
    takes_empty_texts();
    grows();
    tells_prefixes_apart();
    printf("%d failed\n", failures);
    return failures != 0;
}
