// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <cstdint>

namespace danube::search {

/// A byte and its right neighbour, to be found in raw text.
struct BytePair
{
    uint8_t first = 0;
    uint8_t second = 0;
    uint8_t firstFold = 0;  ///< bits set in a byte before it is compared: 0x20 lets a small letter match both cases
    uint8_t secondFold = 0; ///< the same for the neighbour
    uint8_t gap = 0;        ///< is as good as `second`; the same as `second`: nothing else is

    bool isAt(uint8_t byte, uint8_t neighbour) const
    {
        return (byte | firstFold) == first && ((neighbour | secondFold) == second || neighbour == gap);
    }
};

/// Offset of the first pair that begins at `from` or later, or -1. Takes 16 or 32 bytes at a time where the processor
/// has them.
qsizetype findBytePair(QByteArrayView text, qsizetype from, const BytePair &pair);

/// The same one byte after the other: what every other way must equal.
qsizetype findBytePairSlowly(QByteArrayView text, qsizetype from, const BytePair &pair);

} // namespace danube::search
