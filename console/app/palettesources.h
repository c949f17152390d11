// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube::console {

class MainWindow;
class PaletteModel;

/// What the palette finds: enabled actions and pages, jobs of all masters by number and pipeline, profiles, lines of
/// the open log, and what the open pages offer (Page::findable).
void addPaletteSources(PaletteModel &model, MainWindow &window);

} // namespace danube::console
