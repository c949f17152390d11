#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The console's texts in other languages: resources/translations/danube_*.ts.

translations.py update           takes new texts from console/ into the catalogs, as unfinished
translations.py check            exits 1 and says why when a catalog lacks a text or says it wrongly
translations.py pseudo TS OUT    makes the pseudo-locale: each text of TS longer, accented and in brackets

danube_en.ts holds plurals only ("1 error", "2 errors"); every other English text is the one in the source.
"""
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

LUPDATE = "/usr/lib/qt6/bin/lupdate"
# Macros around QT_TR_NOOP for the tables of actions and pages, which lupdate does not expand.
ALIASES = ["DANUBE_MENU", "DANUBE_TEXT", "DANUBE_PAGE"]
CATALOGS = {"de": [], "en": ["-pluralonly"]}

PLACEHOLDER = re.compile(r"%L?(?:\d{1,2}|n)")
MNEMONIC = re.compile(r"&(?=[^\s&])")
KEPT = re.compile(r"(%L?(?:\d{1,2}|n)|<[^<>]+>|\[\*\]|\(\*[^)]*\)|\w+://\S+|&(?:amp|lt|gt|quot);|&.)")
ACCENTS = str.maketrans("abcdeghijlnorstuwyzACDEGHIJLNORSTUWYZ", "åƀçđéĝĥïĵļñöŕšţüŵýžÅÇĐÉĜĤÏĴĻÑÖŔŠŢÜŴÝŽ")


def lupdate(root: Path, catalog: Path, language: str) -> None:
    """Brings `catalog` up to what the sources say; entries nobody uses any more go."""
    options = [option for name in ALIASES for option in ("-tr-function-alias", f"QT_TR_NOOP+={name}")]
    done = subprocess.run(
        [shutil.which(LUPDATE) or "lupdate", "-silent", "-no-obsolete", "-locations", "none", *CATALOGS[language],
         "-I", str(root), *options, "-source-language", "en", "-target-language", language,
         "-extensions", "cpp,h,ui", "-recursive", str(root / "console"), "-ts", str(catalog)],
        cwd=root, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        sys.exit(f"translations: lupdate: {done.stderr.strip()[-2000:]}")


def messages(catalog: Path):
    """(context, source, forms, is finished) of each entry."""
    for context in ET.parse(catalog).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.iter("numerusform")]
            yield (context.findtext("name"), message.findtext("source"), forms or [translation.text or ""],
                   translation.get("type") is None)


def wrong(source: str, form: str) -> str:
    """What `form` does that no translation of `source` may; empty = nothing."""
    if not form:
        return "has no translation"
    if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(form)):
        return "has other placeholders"
    if len(MNEMONIC.findall(source)) != len(MNEMONIC.findall(form)):
        return "has more or fewer mnemonics"
    for edge, of in (("beginning", lambda text: text[:len(text) - len(text.lstrip())]),
                     ("end", lambda text: text[len(text.rstrip(" \n…:.")):])):
        if of(source) != of(form):
            return f"differs at its {edge}"
    if source.count("\n") != form.count("\n") or ("[*]" in source) != ("[*]" in form):
        return "has other lines or no place for the modified mark"
    return ""


def faults(committed: Path, fresh: Path) -> list[str]:
    """`fresh`: the committed catalog after lupdate."""
    known = {(context, source) for context, source, _, _ in messages(committed)}
    found = []
    for context, source, forms, finished in messages(fresh):
        problem = next((said for said in (wrong(source, form) for form in forms) if said), "")
        if (context, source) not in known:
            problem = "is not in the catalog"
        elif not problem and not finished:
            problem = "is marked as unfinished"
        if problem:
            found.append(f"{committed.name}: {context}: {source!r} {problem}")
        known.discard((context, source))
    return found + [f"{committed.name}: {context}: {source!r} is in no source any more" for context, source in known]


def menu_faults(registry: Path, catalog: Path) -> list[str]:
    """Two entries of one menu with the same mnemonic, in English or in the catalog's language."""
    entries = re.findall(r'DANUBE_MENU\("([^"]+)"\),\s*DANUBE_TEXT\("([^"]+)"\)', registry.read_text("utf-8"))
    if not entries:
        return [f"{registry.name}: no actions found"]
    said = {source: forms[0] for context, source, forms, _ in messages(catalog) if context == "danube::console"}
    found = []
    for language, say in (("en", lambda text: text), (catalog.stem, lambda text: said.get(text, text))):
        taken: dict[tuple[str, str], str] = {}
        bar = [("menu bar", menu) for menu in dict.fromkeys(menu for menu, _ in entries)]
        for menu, text in bar + entries:
            letter = MNEMONIC.search(say(text))
            key = (menu, say(text)[letter.end()].lower()) if letter else None
            if key is None:
                found.append(f"{language}: {say(text)!r} has no mnemonic")
            elif taken.setdefault(key, say(text)) != say(text):
                found.append(f"{language}: {menu}: {taken[key]!r} and {say(text)!r} share {key[1]!r}")
    return found


def pseudo_text(source: str) -> str:
    """Accented, a third longer, in brackets; placeholders, tags, addresses and the mnemonic stay as they are."""
    parts = [part if KEPT.fullmatch(part) else re.sub("[aeiouAEIOU]", lambda vowel: vowel[0] * 2, part)
             .translate(ACCENTS) for part in KEPT.split(source)]
    return "⟦" + "".join(parts) + "⟧" if len(source) > 2 else source.translate(ACCENTS)


def make_pseudo(catalog: Path, out: Path) -> None:
    tree = ET.parse(catalog)
    for message in tree.getroot().iter("message"):
        translation = message.find("translation")
        translation.attrib.pop("type", None)
        for place in list(translation.iter("numerusform")) or [translation]:
            place.text = pseudo_text(message.findtext("source"))
    tree.write(out, encoding="utf-8", xml_declaration=True)


def main() -> int:
    root = Path(__file__).resolve().parents[2]
    folder = root / "resources/translations"
    match sys.argv[1:]:
        case ["update"]:
            for language in CATALOGS:
                lupdate(root, folder / f"danube_{language}.ts", language)
        case ["check"]:
            found = menu_faults(root / "console/app/actionregistry.cpp", folder / "danube_de.ts")
            for language in CATALOGS:
                committed = folder / f"danube_{language}.ts"
                with tempfile.TemporaryDirectory() as temporary:
                    fresh = Path(shutil.copy(committed, temporary))
                    lupdate(root, fresh, language)
                    found += faults(committed, fresh)
            print("\n".join(found) or "translations: complete")
            return 1 if found else 0
        case ["pseudo", catalog, out]:
            make_pseudo(Path(catalog), Path(out))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
