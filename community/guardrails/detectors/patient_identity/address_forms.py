"""The shapes of addresses in many countries, and the words without which none of them is there."""

from __future__ import annotations

import re

_KIND_OF_STREET = (
    "Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Close|Court|Ct|Crescent|Boulevard|Blvd|Terrace"
    "|Gardens|Way|Place|Pl|Square|Sq|Grove|Mews|Hill|Row|Parkway|Pkwy|Circle|Trail"
)
_FRENCH_KIND = (
    "[Rr]ue|[Aa]venue|Av\\.?|[Bb]oulevard|Bd|[Aa]llee|[Ii]mpasse|[Cc]hemin|[Cc]ours|[Qq]uai"
)
STREET = re.compile(
    r"\d(?<![\w.,/-].)\d{0,4}[a-zA-Z]?,? "
    rf"(?:(?:[A-Z][\w'.-]{{1,25}} ){{1,3}}(?:{_KIND_OF_STREET})\b"
    r"|(?!(?:\w+ )?(?:hour|day|year|week|month|minute|people|patients?|of|in|on|to|the|a|and)\b)"
    r"(?:\d{1,5} )?[a-z]{4,20} (?:street|road|avenue|lane|boulevard)\b(?! drug| food| level)"
    r"|\d{1,3}(?:st|nd|rd|th) (?:Street|St|Avenue|Ave|Road|Rd)\b"
    rf"|(?:(?:bis|ter),? )?(?:{_FRENCH_KIND}) (?:d[eu] |des |de la |d')?[A-Z]\w+)"
)
STREET_WORDS = frozenset(
    """
    street st road rd lane ln avenue ave drive dr close court ct crescent boulevard blvd terrace
    gardens way place pl square sq grove mews hill row parkway pkwy circle trail rue av bd allee
    impasse chemin cours quai
    """.split()
)
STREET_OF_TOWN = re.compile(
    r"[A-Z](?<!\w.)[\w'-]{2,25} (?:[A-Z][\w'-]{2,25} )?"
    r"(?:Street|Road|Lane|Avenue|Crescent|Boulevard), [A-Z][a-z]+"
)
# "Kerkstraat 14", "Storgatan 3", "Mannerheimintie 5": one word holds the name and the kind.
ENDS_AS_STREET = tuple(
    """
    strasse str weg gasse allee platz straat laan gracht plein gatan gata vagen vegen veien vegur
    vej vangen katu tie kuja utca ulice
    """.split()
)
NO_STREET = frozenset({"necktie", "bowtie", "protein", "str", "weg", "tie"})
# "ul. Dluga 7", "Calle Mayor 12", "Via Roma 3", "Rua Augusta 99": the kind comes first.
KIND_FIRST = re.compile(
    r"(?<![\w/-])(?:(?:[Uu]l\.|[Uu]lica|[Cc]alle|C/|Avda?\.?|Avenida|Rua|Travessa|Paseo|Camino"
    r"|Carretera|Ctra\.|Rue|Viale|Piazza|Piazzetta|Corso|Largo|Praca|Plaza|Strada|Bulevar|Prospekt"
    r"|Ulitsa|Jalan|Chemin|Impasse|Cours|Quai)"
    r"|(?:(?<=[\d,:] )|(?<=\b(?:at|in|on|to) ))(?:Via|R|Boulevard|Avenue)) "
    r"(?:[\w'.-]{1,20},? ){0,4}?[A-Z0-9][\w'.-]{0,25},? (?:n[o.]? ?)?\d{1,5}[a-z]?\b"
)
FIRST_WORDS = frozenset(
    """
    ul ulica calle avda avd avenida rua travessa paseo camino carretera ctra rue viale piazza
    piazzetta corso largo praca plaza strada bulevar prospekt ulitsa jalan chemin impasse cours
    quai boulevard avenue
    """.split()
)
# "Kossuth ut 98.": kinds too short to be looked for without the name before them.
SHORT_KIND = re.compile(
    r"\b[A-Z][\w'-]{2,25} (?:u\.|ut|ter|rkp\.|krt\.|gate|vei|poik|puiestee) \d{1,4}\b\.?"
    r"|\b[Cc]orner of [A-Z][\w'-]+ [^.\n]{3,40} (?:and|&) [A-Z][\w'-]+"
)
SHORT_WORDS = frozenset("u ut ter rkp krt gate vei poik puiestee corner".split())
BOX = re.compile(
    r"\b(?:P\.? ?O\.? ?Box|Postbox|Postfach|Apartado|PMB) ?#?\d{1,6}\b"
    r"|\b(?:PSC|Unit) \d{1,5},? Box \d{1,5}\b|\b[ADF]PO,? A[AEP],? \d{5}\b",
    re.IGNORECASE,
)
BOX_WORDS = frozenset("box postbox postfach apartado pmb apo dpo fpo".split())
# A flat with its number stands in no other text than an address; a "unit" or a "room" does.
FLAT = re.compile(
    r"\b(?:Apt|Apartment|Suite|Ste|App|Wohnung|Appartement)\.? ?#?\d{1,5}[A-Za-z]?\b"
    r"|\bFlat \d{1,4}[A-Za-z]?,",
    re.IGNORECASE,
)
FLAT_WORDS = frozenset("apt apartment suite ste app wohnung appartement flat".split())
BEFORE_FLAT = re.compile(r"(?<![\w.-])\d{1,5}[a-z]?,? (?:[\w/'.-]+[, ]+){1,6}\Z", re.IGNORECASE)
# Royal Mail's form, the last two letters of which are never C I K M O V; and Canada Post's.
POSTCODE = re.compile(
    r"(?<![\w-])(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]? \d[ABD-HJLNP-UW-Z]{2}"
    r"|[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d)(?![\w-])"
)
MAYBE_POSTCODE = re.compile(r"\d(?<= .)[A-Z][A-Z\d](?![\w-])")
# "Springfield, IL 62704": a town, its state and a ZIP code.
ZIP = re.compile(
    r"\b[A-Z][A-Za-z]+,? (?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]"
    r"|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? \d{5}(?:-\d{4})?(?![\w.-])"
)
MAYBE_ZIP = re.compile(r"\d(?:(?<=[A-Z] .)|(?<=[A-Z], .))\d{4}")
ZIP_CUE = re.compile(
    r"\b(?:zip(?:[ -]?code)?|post(?:al)?[ -]?code)\b[ :#]{0,3}(?:is |was |of )?"
    r"\d{5}(?:-\d{4})?\b",
    re.IGNORECASE,
)
ZIP_WORDS = frozenset("zip zipcode postcode postal code".split())

# "lives at 98 Tylova 1036", "her address: 19 pierre delannoyplaats 211".
ADDRESS = re.compile(
    r"address(?:es)?\b[^.\d\n]{0,40}(?:[:\n]\s*|(?:is|are|was|with|to) )", re.IGNORECASE
)
COLON = re.compile(r"address(?:es)?:\s*", re.IGNORECASE)
WHOSE = frozenset(
    """
    her his my your their our s 's new old home billing mailing postal street secondary primary
    following same the patient's
    """.split()
)
DWELLS = re.compile(
    r"\w+ (?:at|on|in|near|by|behind|opposite|to)"
    r"(?: (?:the )?\w+ (?:side|corner|end) of)? (?:the )?"
)
DWELL_WORDS = frozenset(
    """
    live lives lived living reside resides resided residing stay stays stayed staying located
    dwells moved
    """.split()
)
ADDRESS_WORDS = frozenset({"address", "addresses"})
HERE = re.compile(r"(?:here they are|validate the following)[:?]\s*", re.IGNORECASE)
AFTER_CUE = re.compile(
    r"(?!\d{1,2}(?:st|nd|rd|th)?,? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
    r"(?!\d{1,5} (?:of|in|and|or|to|days|weeks|months|years|hours|minutes|patients|people|miles"
    r"|km)\b)"
    r"(?:\d{1,5}[a-z]?,? (?:\d{1,5} )?(?:[^\W\d_][\w'./-]*,? ){1,6}\d{1,5}\b"
    r"|\d{1,5}[a-z]?,? (?:\d{1,5} )?(?:[^\W\d_][\w'./-]*,? ){0,2}[^\W\d_][\w'./-]*"
    r"|(?:[^\W\d_][\w'./-]+ ){1,4}(?<!the )(?<!and )(?<!of )(?<!in )\d{1,5}\b"
    r"(?! ?(?:%|mg|years|months|days)))",
    re.IGNORECASE,
)

# Capitals of the scripts that folding leaves: Latin, Thorn, Greek, Cyrillic.
_CAPITAL = "A-Z\u00de\u0391-\u03ab\u0410-\u042f"
# "at 43 Trikalon 297": a number, names with capitals, a number; or two numbers and two names.
BETWEEN_NUMBERS = re.compile(
    rf"\d{{1,5}} (?:\d{{1,5}} )?(?:[{_CAPITAL}][\w'/-]*|[^\W\d_]{{2,5}}|u\.) "
    rf"(?:(?:[{_CAPITAL}][\w'/-]*|[A-Za-z][a-z]?\.|rkp\.|[^\W\d_]{{2,12}}) ){{0,4}}?"
    r"\d{1,5}\b\.?(?=[,.\n]|\Z| (?:A|S|[A-Z][a-z]))"
    rf"|\d{{1,5}} \d{{1,5}} [{_CAPITAL}]\w{{2,25}} [{_CAPITAL}]\w{{2,25}}"
)
PLACE_BEFORE = re.compile(r"(?:\A\W{0,8}|[>,:]|\b(?:at|in|on|to|near|from)) ?\Z")
HAS_NAME = re.compile(rf"[{_CAPITAL}][^\W\d_]{{2}}")
NO_NAME = re.compile(
    r"\b(?:jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    r"|patients?|participants|subjects|cases|controls|placebo|group|table|figure|fig|grade|stage"
    r"|phase|week|day|month|year|mean|median|total|versus|vs|n|hz|mm|mg|ml|kg|cm|iu|mmhg|f|m"
    r"|male|female|men|women|hours?|and|with|type|class|ef|bp|hr|ldl|hba1c|rcts?)\b",
    re.IGNORECASE,
)
