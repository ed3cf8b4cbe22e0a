"""What stands around a name and says whose it is: a patient's, a relative's or a colleague's."""

from __future__ import annotations

import re

from community.guardrails.detectors.patient_identity.not_names import EPONYMS, PLAIN
from community.guardrails.detectors.patient_identity.runs import KIN

TITLES = frozenset(
    "mr mrs ms mx miss herr frau madame monsieur mme mlle senora senor sra signora signor".split()
)
DOCTORS = frozenset("dr drs prof professor doctor".split())
AFTER_TITLE = frozenset(
    "dr prof professor doktor kollege kollegin president justice speaker chairman chair".split()
)
_HOLY = frozenset("st saint san santa sao new los las mount mt port lake fort el the".split())
# After "Saint" stands a church, after "Miller" a disease.
NO_NAME_AFTER = _HOLY | (EPONYMS - PLAIN)
KIND_OF_THING = frozenset(
    """
    hospital clinic medical health healthcare university general memorial institute center centre
    score questionnaire inventory impression criteria trial trials study syndrome disease sign test
    scale classification index procedure protocol foundation college school infirmary house ward
    award medal lecture prize method model street road lane avenue inc ltd llc gmbh pharma
    pharmaceuticals laboratories journal et vs operation law palsy phenomenon manoeuvre maneuver
    stage staging grade virus fever nerve
    """.split()
)

# Everyday words that are surnames as well; a name where a given name stands before them.
SURNAMES_TOO = frozenset(
    """
    young ward king white black brown green gray grey long short day may west north east good best
    rich love hope wood woods field fields house street park parks hall church bishop cook price
    little small strong case child childs page major mayor rose bell bond cross english french
    german holland ireland wales england york welsh wise winter summers frost snow rivers lane
    school root pain head hand foot hart bone moon winters march friday monday noon night knight
    power rate read reed sharp savage self speed stone walls water waters weeks wells law mann mean
    moody noble nurse person post pope prior royal sex steel steele stage stokes sweet tell temple
    west wilde worth wright india china israel jordan virginia georgia francis paris
    """.split()
)

_KIN = "|".join(KIN)
AFTER_KIN = re.compile(
    rf"\b(?:(?:her|his|their|patient's|the) (?:\w+ )?(?:{_KIN})|(?:my"
    rf"|our) patient),? \Z",
    re.IGNORECASE,
)
DIRECT = re.compile(
    r"(?:\b(?:(?:patient|pt|client)(?:'s name)?(?:,? (?:is|was|called|named)|[:,])?"
    r"|(?:male|female|man|woman|boy|girl|lady|gentleman|child|infant|baby|toddler|year-old|old|yo"
    r"|y/o"
    r"|\d{1,3} ?[mf]|years|teenager|teacher|farmer|nurse|driver|worker)(?: patient)?,?(?: (?:named"
    r"|called|known as))?"
    r"|named|called|name(?: is| was|:)|known as|aka|similar to|patients?,? (?:like|such as)"
    r"|case (?:review )?of|(?:particularly|specifically|especially) (?:for|in)"
    rf"|(?:her|his|their|patient's|pt's|my patient's) (?:\w+ )?(?:{_KIN})(?:,|,? (?:is|was|called"
    rf"|named))?))"
    r"[ (\"']{1,3}\Z",
    re.IGNORECASE,
)
# "Is called Medicare Advantage": these words need a name that a list knows.
CALLED_BEFORE = re.compile(
    r"(?:named|called|known as|aka|name(?: is| was|:)?|case (?:review )?of)[ (\"']{1,3}\Z",
    re.IGNORECASE,
)
OURS = re.compile(
    r"\b(?:[Mm]y|[Oo]ur|[Tt]his|[Aa]) (?:[\w-]+ ){0,3}(?:patients?|lady|gentleman|man|woman|girl"
    r"|boy|child|baby)\b"
)
FORM = re.compile(
    r"(?:\A|[>*|;,-])[ \t>*|-]*(?:(?:patient|pt|client)(?:'s)?(?: (?:full )?name)?|(?:full |first "
    r"|last |sur|fore)?name"
    r"|nachname|vorname|nom|prenom|re)\s{0,3}:\s{0,6}\Z",
    re.IGNORECASE,
)
AGE_AFTER = re.compile(
    r"(?:,? (?:is|was|who is) | -+ |, | \(| )?(?:an? |the |our "
    r"|my )?(?:[a-z-]+ ){0,3}?(?:age[ds]? )?\d{1,3}"
    r"[ -]?(?:years?|yrs?|yo\b|y/o|y\.o|y\b|ans\b|jahre|months?|f\b|m\b|\))",
    re.IGNORECASE,
)
# "Margaret Thorne, born 3 May", "Alan Birchall, hospital no.": said of nobody but a patient.
ON_FILE = re.compile(
    r",? \(?(?:born|DOB|d\.o\.b|geb(?:\.|oren)|nee? le|MRN|(?:NHS|hospital) (?:no|number))\b",
    re.IGNORECASE,
)
# "Tomasz K., 54, with new weakness"
BARE_AGE = re.compile(r",? (?:\(\d{1,2}\)|\(?\d{1,2} ?[mfMF]\b|\d{1,2}, (?!\d))")
_CARE = (
    "seen|admitted|treated|diagnosed|evaluated|assessed|visited|presented|presenting|presents"
    "|discharged|referred|hospitali[sz]ed|underwent|undergoing|living|lives|denies|endorses"
    "|complains|died|passed away|collapsed|scheduled|prescribed|followed|transferred|experienc\\w+"
    "|suffer\\w+|recover\\w+|currently"
)
CARE_AFTER = re.compile(
    rf",? (?:who |and |last |recently |was |is |has |had |been |being ){{0,4}}(?:{_CARE})\b"
    r"|,? (?:with|from|in|at|on|dob|mrn|post|s/p)\b| ?\(|,? \d|[,?.;]|\Z",
    re.IGNORECASE,
)
# What is said of patients and not of colleagues; for a given name that stands alone.
PATIENT_DOES = re.compile(
    r" (?:was (?:re)?(?:admitted|discharged|diagnosed|hospitali[sz]ed|intubated|transfused"
    r"|extubated)"
    r"|was started on|has been (?:admitted|diagnosed|on \w+ mg)|denies|endorses|complain(?:s|ed) of"
    r"|present(?:s|ed) (?:today )?with|underwent|collapsed|died|passed away|fainted|relapsed"
    r"|came (?:back|in) with|takes \w+ \d)\b"
)
_OFFICE = (
    "surgeon|cardiologist|neurologist|physician|nurse|pharmacist|professor|investigator|author"
    "|consultant|colleague|registrar|fellow|specialist|doctor|gp|chair\\w*|editor|speaker|moderator"
    "|secretary|manager|physiotherapist|dietitian|liaison|msl|technician|resident|intern|trainee"
    "|oncologist|nephrologist|radiologist|pathologist|anaesthetist|lawyer|statistician|librarian"
    "|coordinator|scientist|lead|head|director|teacher of mine|boss of mine"
)
COLLEAGUE_BEFORE = re.compile(
    r"(?:(?:\b(?:thanks?(?: to)?|thank you|thx|cheers|hi|hello|dear|agree[ds]? with|according to"
    r"|(?<!such )as"
    r"|asked|ask|colleagues?|author|investigators?|chair|chaired by|speakers?|editor|cf|via"
    r"|welcome(?: to)?|congratulations(?: to)?|well said|named after|described by|written by|led by"
    r"|paper by|study by|work of|work by|trial by|talk by|invited|join|joined by|contact|drs?"
    r"|question for"
    rf"|proposed by|published by|(?:{_OFFICE}))|@|et al)[ ,.:]{{1,2}})\Z",
    re.IGNORECASE,
)
COLLEAGUE_AFTER = re.compile(
    r",? (?:et al\b|and (?:colleagues|co-?workers|others|team)|(?:MD|PhD|FRC\w+|MBBS|RN|MSc|FACC"
    r"|FESC)\b|wrote"
    r"|writes|said that|points?\b|pointed|suggest\w*|argue\w*|show(?:s|ed)|has shown|found|asked"
    r"|asks"
    r"|raised|made (?:a|the|this)|has a (?:good )?point|propose\w*|describe[ds]|published"
    r"|explain\w*"
    r"|reported (?:that|in|on)|reviewed (?:the|this)|presented (?:the|data|at|our|results|on)"
    r"|will (?:present|talk|speak|join|chair|answer|be talking)|chairs?\b|recommend\w*|led\b"
    r"|is right"
    r"|and I\b|thinks?\b|mention\w*|operat(?:ed|es) (?:on|with)|joins?\b"
    rf"|(?:is |was )?(?:(?:our|my|your|the|a|an|their|consultant|senior"
    rf"|head) )(?:[\w-]+ ){{0,3}}(?:{_OFFICE})s?\b"
    rf"|\((?:(?:our|the|a) )?(?:{_OFFICE})|(?:of|from) (?:the )?(?:University|Department"
    rf"|Alderwick))"
    r"|'s? (?:paper|study|trial|group|point|post|question|comment|data|review|work|team|clinic|list"
    r"|talk"
    r"|slides?|reply|classification|criteria|sign|syndrome|disease|law|test|score|lab|registry"
    r"|theatre)\b"
    r"| ?\((?:19|20)\d\d|,? (?:19|20)\d\d;| (?:syndrome|disease|sign|criteria|score|variant"
    r"|classification"
    r"|test|reflex|procedure|protocol|stag(?:e|ing)|scale|trial|method|equation|formula|et al"
    r"|principle)\b",
    re.IGNORECASE,
)
DOES_NOT_TREAT = re.compile(
    r" (?:made|wrote|writes|asked|asks|raised|said|pointed|points|argue\w*|suggest\w*|has a|showed"
    r"|presented|published|et al|and colleagues|mentioned|explained|thinks|is right|will)\b"
    r"|'s (?:point"
    r"|question|paper|post|comment|group|talk|reply|slide)"
)
TREATS_BEFORE = re.compile(
    r"\b(?:seen|reviewed|referred|treated|evaluated|followed(?: up)?|operated(?: on)?|managed"
    r"|assessed"
    r"|examined|admitted|diagnosed|prescribed|delivered|records|notes|letter|consult\w*|care|under"
    r"|scheduled"
    r"|appointment|visit|review|case|patient)(?: \w+){0,3}?(?: (?:by|from|for|with|of|under"
    r"|to))? \Z",
    re.IGNORECASE,
)
TREATS_AFTER = re.compile(
    r" (?:saw|sees|operated|referred|treat(?:s|ed)|is treating|follows|admitted|discharged"
    r"|prescribed|started"
    r"|stopped|examined|diagnosed|sent (?:him|her|them|an?)|wants (?:him|her|them))\b"
)
INITIALS = re.compile(
    r"\b(?:[Ii]nitials?(?: are| is| were|:)?|[Pp]atient"
    r"|[Pp]t\.?) (?P<it>[A-Z]\. ?[A-Z]\.(?: ?[A-Z]\.)?|(?<=ials )[A-Z]{2,3}\b)"
)
INITIAL_WORDS = frozenset({"initial", "initials", "pt"})
LETTER_AFTER = re.compile(r"atient [A-Z]\.")
SMALL_TITLES = frozenset({"mr", "mrs", "ms", "miss"})
SMALL_TITLE = re.compile(
    r"\b(?P<it>(?:mrs|mr|ms|miss)\.? (?P<name>[a-z]{3,20})) (?:came|was|has|is|had|presented"
    r"|attended|said"
    r"|told|reports|denies|started|returned|called|rang|lives|died|fell|went|needs|takes|stopped)\b"
)
NO_SMALL_NAME = frozenset(
    """
    imaging angiography scan scanning spectroscopy elastography score venography the this that one
    dose doses data
    """.split()
)
SMALL_DIRECT = re.compile(
    r"\b(?:patient,?|pt,?|named|called|patient called|patient named|"
    rf"(?:her|his|their|patient's) (?:{_KIN}),?|(?:old|yo) (?:male|female|man|woman|lady|boy"
    rf"|girl),?) \Z",
    re.IGNORECASE,
)

AGE_SENTENCE = re.compile(
    r",? (?:is |was )?an? (?:[\w-]+ ){0,3}\d{1,3}[ -](?:years?|yrs?|yo)\b", re.IGNORECASE
)
AGE_ALONE = re.compile(r",? \(?\d{1,3} (?:years|yo|ans|jahre)\b", re.IGNORECASE)
IN_CARE = re.compile(rf",? (?:who |was )*(?:{_CARE})")
IS_OR_HAS = re.compile(r" (?:is|was|has|had|came|did|does|needs|wants|takes|got|developed)\b")
GOES_ON = re.compile(r"[,?)]| [a-z(]")
INITIAL = re.compile(r"[A-Z]\.")
LONG_NAME = re.compile(r"[^\W\d_]['-]?[^\W\d_](?:['-]?[^\W\d_])+")
