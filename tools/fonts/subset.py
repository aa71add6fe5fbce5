#!/usr/bin/python3
"""Makes the font subsets of resources/fonts from Debian's Noto fonts.

    apt-get install python3-fonttools=4.38.* fonts-noto-core fonts-noto-cjk
    /usr/bin/python3 tools/fonts/subset.py

Each script keeps its basic blocks and the layout tables that shaping needs
(GSUB, GPOS, GDEF). The Han face keeps kana, the kanji of JIS X 0208 level 1
and whatever Han and Hangul the names of the sample use. The same packages give
the same bytes.
"""
import gzip
import json
import pathlib

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "resources" / "fonts"
CORE = pathlib.Path("/usr/share/fonts/truetype/noto")
CJK = pathlib.Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
CJK_JAPANESE = 0  # the face of the collection with Japanese shapes

MARKS = [(0x200C, 0x200F), (0x25CC, 0x25CC)]  # joiners, and the circle that carries stray marks

# Where the characters of names that go to no other face are looked for.
BLOCKS = {"Tibetan": (0xF00, 0xFFF)}

# Face, its Noto file, and the Unicode ranges kept.
FACES = [
    ("Latin", "NotoSans", [
        (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x2AF), (0x2B0, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
        (0x1E00, 0x1EFF), (0x1F00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F),
        (0x2190, 0x21FF), (0x2212, 0x2212), (0xFFFD, 0xFFFD)]),
    ("Arabic", "NotoSansArabic", [(0x600, 0x6FF), (0x750, 0x77F)]),
    ("Hebrew", "NotoSansHebrew", [(0x590, 0x5FF)]),
    ("Armenian", "NotoSansArmenian", [(0x530, 0x58F)]),
    ("Georgian", "NotoSansGeorgian", [(0x10A0, 0x10FF)]),
    ("Devanagari", "NotoSansDevanagari", [(0x900, 0x97F)]),
    ("Bengali", "NotoSansBengali", [(0x980, 0x9FF)]),
    ("Tamil", "NotoSansTamil", [(0xB80, 0xBFF)]),
    ("Sinhala", "NotoSansSinhala", [(0xD80, 0xDFF)]),
    ("Thai", "NotoSansThai", [(0xE00, 0xE7F)]),
    ("Lao", "NotoSansLao", [(0xE80, 0xEFF)]),
    ("Khmer", "NotoSansKhmer", [(0x1780, 0x17FF)]),
    ("Myanmar", "NotoSansMyanmar", [(0x1000, 0x109F)]),
    ("Ethiopic", "NotoSansEthiopic", [(0x1200, 0x137F)]),
    ("Thaana", "NotoSansThaana", [(0x780, 0x7BF)]),
    ("Tifinagh", "NotoSansTifinagh", [(0x2D30, 0x2D7F)]),
    ("Tibetan", "NotoSerifTibetan", [(0xF0B, 0xF0D)]),  # all its stacks would take half a megabyte
]


def name_characters():
    """Every character of every name in the sample."""
    text = gzip.decompress((ROOT / "resources/sample/world.topojson.gz").read_bytes())
    found = set()
    for layer in json.loads(text)["objects"].values():
        for geometry in layer["geometries"]:
            for key, value in geometry["properties"].items():
                if key.startswith("name"):
                    found.update(map(ord, value))
    return found


def japanese():
    """Symbols, kana and level 1 kanji of JIS X 0208 (rows 1-8 and 16-47), full and half width forms, and Latin-1."""
    found = {*range(0xFF01, 0xFFEF), *range(0x20, 0x7F), *range(0xA0, 0x100)}
    for row in [*range(1, 9), *range(16, 48)]:
        for cell in range(1, 95):
            try:
                found.add(ord(bytes([0xA0 + row, 0xA0 + cell]).decode("euc_jp")))
            except UnicodeDecodeError:
                pass  # an unassigned cell
    return found


def options():
    o = subset.Options()
    o.hinting = False
    o.layout_features = ["*"]
    o.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # names, copyright and licence stay in the file
    o.name_languages = [0x409]
    o.notdef_outline = True
    o.glyph_names = False
    o.legacy_kern = True
    o.recalc_timestamp = False
    o.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE"]
    return o


def make(font, characters, o, target):
    subsetter = subset.Subsetter(o)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    subset.save_font(font, target, o)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(font.getBestCmap())} characters")


def main():
    names = name_characters()
    for name, file, ranges in FACES:
        wanted = {c for lo, hi in [*ranges, *MARKS] for c in range(lo, hi + 1)} | {0x20}
        lo, hi = BLOCKS.get(name, (1, 0))
        wanted |= {c for c in names if lo <= c <= hi}
        font = TTFont(CORE / f"{file}-Regular.ttf", recalcTimestamp=False)
        make(font, wanted, options(), TARGET / f"{name.lower()}.ttf")
    o = options()
    o.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk", "ljmo", "vjmo", "tjmo"]
    han = japanese() | {c for c in names if c >= 0x1100 and not 0x1200 <= c < 0x2E80}
    make(TTFont(CJK, fontNumber=CJK_JAPANESE, recalcTimestamp=False), han, o, TARGET / "japanese.otf")


if __name__ == "__main__":
    main()
