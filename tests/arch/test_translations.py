#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the catalogs finds each kind of fault, and the pseudo-locale keeps what it must."""
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy/dev"))
import translations  # noqa: E402


def catalog(folder: Path, name: str, *entries: str) -> Path:
    path = folder / name
    path.write_text('<TS version="2.1" language="de"><context><name>Page</name>' + "".join(entries) + "</context></TS>",
                    "utf-8")
    return path


def entry(source: str, translation: str, attributes: str = "") -> str:
    return f"<message><source>{source}</source><translation{attributes}>{translation}</translation></message>"


class Faults(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def found(self, *entries: str) -> str:
        made = catalog(self.folder, "danube_de.ts", *entries)
        return "\n".join(translations.faults(made, made))

    def test_a_good_catalog_has_none(self):
        plural = ('<message numerus="yes"><source>%n errors</source><translation><numerusform>%n Fehler</numerusform>'
                  "<numerusform>%n Fehler</numerusform></translation></message>")
        self.assertEqual(self.found(entry("&amp;Open %1…", "%1 Ö&amp;ffnen…"), plural), "")

    def test_each_fault_is_told(self):
        rows = {
            "no translation": entry("Open", "", ' type="unfinished"'),
            "unfinished": entry("Open", "Öffnen", ' type="unfinished"'),
            "placeholders": entry("%1 of %2", "%1 von %1"),
            "mnemonics": entry("&amp;Open", "Öffnen"),
            "its end": entry("Open…", "Öffnen"),
            "its beginning": entry(" s", "s"),
            "modified mark": entry("%1[*]", "%1"),
            "no translation ": ('<message numerus="yes"><source>%n jobs</source><translation><numerusform>%n Job'
                                "</numerusform><numerusform></numerusform></translation></message>"),
        }
        for said, text in rows.items():
            with self.subTest(said):
                self.assertIn(said.strip(), self.found(text))

    def test_new_and_forgotten_texts_are_told(self):
        committed = catalog(self.folder, "danube_de.ts", entry("Old", "Alt"))
        fresh = catalog(self.folder, "fresh.ts", entry("New", "Neu"))
        said = "\n".join(translations.faults(committed, fresh))
        self.assertIn("'New' is not in the catalog", said)
        self.assertIn("'Old' is in no source any more", said)

    def test_mnemonics_of_one_menu_differ_in_both_languages(self):
        registry = self.folder / "actionregistry.cpp"
        registry.write_text('{"a", DANUBE_MENU("&Job"), DANUBE_TEXT("&Open"), ""},\n'
                            '{"b", DANUBE_MENU("&Job"),\n DANUBE_TEXT("&Cancel"), ""},\n', "utf-8")
        texts = [("&amp;Job", "&amp;Job"), ("&amp;Open", "&amp;Anzeigen"), ("&amp;Cancel", "&amp;Abbrechen")]
        made = catalog(self.folder, "danube_de.ts", *(entry(*text) for text in texts))
        made.write_text(made.read_text("utf-8").replace("Page", "danube::console"), "utf-8")
        said = translations.menu_faults(registry, made)
        self.assertEqual(len(said), 1)
        self.assertIn("danube_de: &Job: '&Anzeigen' and '&Abbrechen' share 'a'", said[0])
        registry.write_text("nothing", "utf-8")
        self.assertIn("no actions", translations.menu_faults(registry, made)[0])


class Pseudo(unittest.TestCase):
    def test_what_a_program_reads_is_kept(self):
        for source in ("&Open %1 of %Ln…", "%1[*] – Danube", "Profiles (*.json)", "<b>%1</b> &amp; more"):
            with self.subTest(source):
                made = translations.pseudo_text(source)
                for part in translations.KEPT.findall(source):
                    self.assertIn(part, made)
                self.assertEqual(translations.MNEMONIC.findall(source), translations.MNEMONIC.findall(made))
                self.assertTrue(made.startswith("⟦") and made.endswith("⟧"))
                self.assertGreater(len(made), len(source) + 2)

    def test_no_plain_word_stays(self):
        self.assertNotRegex(translations.pseudo_text("Validate the whole allowlist"), "[A-Za-z]{3}")


if __name__ == "__main__":
    unittest.main()
