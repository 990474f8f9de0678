/* Feeds the hash behind the luck, in many orders of its keys, to the batteries of TestU01 (L'Ecuyer, Simard).

   luck STREAM VIEW BATTERY SALT    prints one line a p-value: stream, view, battery, salt, test, p
   luck STREAM words SALT           prints the first words of a stream: luck.py holds them against draws.py
   luck                             prints the names of the streams

   Reads keys.bin (the 64-bit keys of all names that draw luck) and seeds.bin (the keys of seeds), which luck.py
   writes. A stream is a rule that turns 0, 1, 2 ... into one 64-bit word of luck; SALT moves it to other keys. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <testu01/bbattery.h>
#include <testu01/swrite.h>
#include <testu01/unif01.h>

typedef uint64_t word;
#define GOLDEN 0x9E3779B97F4A7C15ull
#define MIX1 0xBF58476D1CE4E5B9ull
#define MIX2 0x94D049BB133111EBull
#define NO_VISIT 0xFFFFull
#define INDEX_BITS 20 /* seeds.bin holds 2^20 keys */

static word *keys, *seeds, salt;
static size_t n_keys;

static inline word mix(word z) {
    z = (z ^ (z >> 30)) * MIX1;
    z = (z ^ (z >> 27)) * MIX2;
    return z ^ (z >> 31);
}
static inline word person(word seed, word identity, word visit) { return mix(seed + (identity << 16 | visit) * GOLDEN); }
static inline word luck(word seed, word identity, word visit, word key) { return mix(person(seed, identity, visit) + key); }
static inline word arrival(word inflow, word day, word ordinal) { return (inflow + 1) << 42 | day << 28 | ordinal; }
static inline word seed_of(word n) { return seeds[(n + salt) & ((1u << INDEX_BITS) - 1)]; }
static inline word key_of(word n) { return keys[(n + salt) % n_keys]; }
static inline word turned(word n, int by) { return (n << by | n >> (48 - by)) & 0xFFFFFFFFFFFFull; }

/* --- one rule a stream ------------------------------------------------------------------------------ */
static word by_person(word c) { return luck(seed_of(0), c, 0, key_of(0)); }
static word by_decision(word c) { return luck(seed_of(0), c / n_keys, 0, key_of(c % n_keys)); }
static word by_seed(word c) { return luck(seed_of(c), c >> INDEX_BITS, 0, key_of(0)); }
static word by_visit(word c) { return luck(seed_of(0), c >> 16, c & 0xFFFF, key_of(0)); }
static word by_round(word c) { return luck(seed_of(0), c >> 3, (c >> 2 & 1) << 8 | (c & 3), key_of(0)); }
static word mixed(word c) { return luck(seed_of(c >> 5 & 1), c >> 6, c >> 3 & 3, key_of(c & 7)); }
static word strided_8(word c) { return luck(seed_of(0), turned(c, 8), 0, key_of(0)); }
static word strided_20(word c) { return luck(seed_of(0), turned(c, 20), 0, key_of(0)); }
static word strided_32(word c) { return luck(seed_of(0), turned(c, 32), 0, key_of(0)); }
static word inflow_ordinal(word c) { /* 64 persons of 62 inflows on 16,384 days, then the next name */
    return luck(seed_of(0), arrival((c >> 6) % 62, (c >> 6) / 62 & 0x3FFF, c & 63), 0, key_of((c >> 6) / 62 >> 14));
}
static word inflow_day(word c) { /* the same persons, the days counting fastest */
    return luck(seed_of(0), arrival((c >> 14) % 62, c & 0x3FFF, (c >> 14) / 62 & 63), 0, key_of((c >> 14) / 62 >> 6));
}
static word place_in_line(word c) { /* a service's key and its complement, by which lines are sorted */
    word key = key_of(c >> 1 & 3);
    return luck(seed_of(0), c >> 3, 0, c & 1 ? ~key : key);
}
static word pool_windows(word c) { /* 16 windows of a draw for each person */
    return luck(seed_of(0), c >> 4, NO_VISIT, key_of(0) + ((c & 15) << 28) * MIX1);
}
static word pool_persons(word c) { return luck(seed_of(0), c, NO_VISIT, key_of(0) + (5ull << 28) * MIX1); }
static word pool_points(word c) { /* four points inside each window: each hashed from the one before */
    word z = luck(seed_of(0), c >> 4, NO_VISIT, key_of(0) + ((c >> 2 & 3) << 28) * MIX1);
    for (word k = 0; k < (c & 3); k++) z = mix(z + GOLDEN);
    return z;
}
static word attempts(word c) { /* 64 attempts a day */
    return mix(mix(seed_of(0) + MIX2) + ((c >> 6) << 32 | (c & 63)) * GOLDEN);
}
/* neighbours: what two of them share would show in the difference of their bits */
static word next_person(word c) { return by_person(2 * c) ^ by_person(2 * c + 1); }
static word next_seed(word c) { return luck(seed_of(0), c, 0, key_of(0)) ^ luck(seed_of(1), c, 0, key_of(0)); }
static word next_visit(word c) { return luck(seed_of(0), c, 0, key_of(0)) ^ luck(seed_of(0), c, 1, key_of(0)); }
static word next_decision(word c) { return luck(seed_of(0), c, 0, key_of(0)) ^ luck(seed_of(0), c, 0, key_of(1)); }
/* controls: a cipher-like generator made to pass (Threefry 2x64, 20 rounds: Salmon and others 2011), and two that
   should fail, no scrambling at all and half of it */
static word control_threefry(word c) {
    static const int turns[8] = {16, 42, 12, 31, 16, 32, 24, 21};
    word key[3] = {salt, 0, 0x1BD11BDAA9FC1A22ull ^ salt}, x = c + key[0], y = key[1];
    for (int round = 0; round < 20; round++) {
        x += y;
        y = (y << turns[round % 8] | y >> (64 - turns[round % 8])) ^ x;
        if (round % 4 == 3) {
            word n = round / 4 + 1;
            x += key[n % 3];
            y += key[(n + 1) % 3] + n;
        }
    }
    return x;
}
static word control_none(word c) { return seed_of(0) + (c << 16) * GOLDEN; }
static word control_half(word c) {
    word z = seed_of(0) + (c << 16) * GOLDEN;
    return (z ^ (z >> 30)) * MIX1;
}

static const struct { const char *name; word (*rule)(word); } STREAMS[] = {
    {"by_person", by_person}, {"by_decision", by_decision}, {"by_seed", by_seed}, {"by_visit", by_visit},
    {"by_round", by_round}, {"mixed", mixed}, {"strided_8", strided_8}, {"strided_20", strided_20},
    {"strided_32", strided_32}, {"inflow_ordinal", inflow_ordinal}, {"inflow_day", inflow_day},
    {"place_in_line", place_in_line}, {"pool_windows", pool_windows}, {"pool_persons", pool_persons},
    {"pool_points", pool_points}, {"attempts", attempts}, {"next_person", next_person}, {"next_seed", next_seed},
    {"next_visit", next_visit}, {"next_decision", next_decision}, {"control_threefry", control_threefry},
    {"control_none", control_none}, {"control_half", control_half},
};

/* --- views: which bits of a word the battery sees --------------------------------------------------- */
static word (*rule)(word);
static word at, held;
static int holding;

static unsigned int upper(void) { return rule(at++) >> 32; }
static unsigned int lower(void) { /* last bit first: batteries look hardest at the first bits */
    word z = rule(at++) & 0xFFFFFFFFu;
    z = (z >> 1 & 0x55555555u) | (z & 0x55555555u) << 1;
    z = (z >> 2 & 0x33333333u) | (z & 0x33333333u) << 2;
    z = (z >> 4 & 0x0F0F0F0Fu) | (z & 0x0F0F0F0Fu) << 4;
    return __builtin_bswap32((unsigned int)z);
}
static unsigned int ten(void) { /* the ten bits that choose a quantile, of one word after the other */
    while (holding < 32) {
        held = held << 10 | rule(at++) >> 54;
        holding += 10;
    }
    holding -= 32;
    return held >> holding;
}
static unsigned int whole(void) { /* all 64 bits, as two words */
    if (holding) {
        holding = 0;
        return (unsigned int)held;
    }
    held = rule(at++);
    holding = 1;
    return held >> 32;
}

static word *read_words(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) exit((perror(path), 2));
    fseek(file, 0, SEEK_END);
    *size = ftell(file) / 8;
    rewind(file);
    word *found = malloc(*size * 8);
    if (fread(found, 8, *size, file) != *size) exit(2);
    fclose(file);
    return found;
}

int main(int count, char **given) {
    size_t s, size, many = sizeof STREAMS / sizeof *STREAMS;
    if (count < 4) {
        for (s = 0; s < many; s++) puts(STREAMS[s].name);
        return 0;
    }
    keys = read_words("keys.bin", &n_keys);
    seeds = read_words("seeds.bin", &size);
    for (s = 0; s < many && strcmp(STREAMS[s].name, given[1]); s++)
        ;
    if (s == many) return 2;
    rule = STREAMS[s].rule;
    salt = strtoull(given[count - 1], NULL, 10);
    if (!strcmp(given[2], "words")) {
        for (word c = 0; c < 4096; c++) printf("%016llx\n", (unsigned long long)rule(c));
        return 0;
    }
    unsigned int (*view)(void) = !strcmp(given[2], "upper")   ? upper
                                 : !strcmp(given[2], "lower") ? lower
                                 : !strcmp(given[2], "ten")   ? ten
                                                              : whole;
    unif01_Gen *gen = unif01_CreateExternGenBits(given[1], view);
    swrite_Basic = FALSE;
    FILE *answers = fdopen(dup(1), "w");
    if (!freopen("/dev/null", "w", stdout)) return 2; /* the battery's own report */
    char *only = strchr(given[3], '/'); /* SmallCrush/7: its seventh test alone */
    int repeat[128] = {0}, which = only ? atoi(only + 1) : 0;
    if (which < 0 || which > 96) return 2;
    for (int k = 1; k < 128; k++) repeat[k] = only ? k == which : 1;
    if (!strncmp(given[3], "SmallCrush", 10)) bbattery_RepeatSmallCrush(gen, repeat);
    else if (!strncmp(given[3], "Crush", 5)) bbattery_RepeatCrush(gen, repeat);
    else bbattery_RepeatRabbit(gen, 1 << 26, repeat);
    for (int k = 0; k < bbattery_NTests; k++)
        fprintf(answers, "%s,%s,%s,%s,\"%s\",%.6g\n", given[1], given[2], given[3], given[4], bbattery_TestNames[k], bbattery_pVal[k]);
    fclose(answers);
    return 0;
}
