"""The words by which `label_use` tells a claim from a plain statement of what a label says."""

from __future__ import annotations

from collections.abc import Mapping

UNLESS = "_unless"  # ends the name of a list of phrases that take a use back

DENIAL = "label_denial"
CLAIM = "label_claim"
STRONG = "label_strong"
TURN = "label_turn"
BACK = "label_back"
OTHER = "label_other"
COUNTRY = "label_country_"

_NOT = "(not|never|isn't|aren't|wasn't|hasn't|haven't|nor|neither|no longer|nowhere|not yet|non)"

LABEL_WORDS: Mapping[str, tuple[str, ...]] = {
    # Said of a use: that no label has it, that it must not be, that it is not talked of here.
    DENIAL: (
        (f"{_NOT} (been)? (yet|currently|generally|formally|an)? (approved|licensed|licenced"
        "|indicated|authorised|authorized|recommended|allowed|permitted|covered|registered|labelled)"),
        f"{_NOT} .. (approved|licensed|indicated|authorised|authorized) (in|for|here|there|by)",
        "(unapproved|unlicensed|contraindicated|contraindication*|excluded|exclusion*)",
        "(left|leave|leaves|leaving) out", "(must|should|may) not", "mustn't", "shouldn't",
        "(do|does) not (use|give|start|take|combine)", "don't (use|give|start|take|combine)",
        ("(can't|cannot|can not|couldn't|won't|unable to|not able to|not something I can"
        "|not one I can) (go|talk|discuss|comment|answer|say|speak|share|get|help|pick|give|cover"
        "|offer)"),
        "not able to (go|talk|discuss|comment|answer|say|speak|share)",
        f"{_NOT} (been)? (studied|tested|tried|investigated|established|included|enrolled)",
        "no (data|studies|trials|trial|evidence|experience|approval|licence|license|information)",
        "neither (trial|study|label) .. (took|enrolled|included|had|covers|lists|names)",
        "no (paediatric|pediatric|separate|specific|such|own) (data|studies|trials|trial|approval)",
        "outside (of)? (the|its|our|any|this) (label|licence|license|indication|approved)",
        "outside what (the|our|any) label", "(avoid|avoided|avoids)", "(were|was) not (in|part)",
        "(only|solely) (approved|licensed|indicated)", "(stop|stops|ends) (at|there)",
        ("not (in|on|part of|within) (the|its|our|any|that|either) (label|licence|license|SmPC"
        "|indication*)"),
        "(harm|harms|risk|risks) (to|for|of) (the)? (unborn|fetus|foetus|baby|child)",
        "(does|do|did) not (include|cover|extend|mention|allow|apply|go)",
        "doesn't (include|cover|extend|mention|allow|apply|go)",
        "(pregnancy test|contraception|childbearing)",
        "(Medical Information|medical info|med info)", "(says|said|is|are|asked|told|best) not to",
        "(unknown|not known)",
    ),
    # That it was used, can be used, or did something.
    CLAIM: (
        ("(use|uses|used|using|give|gives|given|gave|giving|try|tried|trying|start|started|starting"
        "|starts|prescribe|prescribes|prescribed|treat|treated|treats|treating|consider|considered"
        "|continue|continued|switch|switched|recommend|recommended|receive|received|combine"
        "|combined|option|options|candidate|candidates|suitable|appropriate|role|place)"),
        "(can|could|may|might|would|will|should) (be|also|still|have|well|do|go|take|get)",
        "(approved|indicated|licensed|allows|includes|covers|dose|dosing)",
    ),
    STRONG: (
        ("(did|do|does|doing|went|works|worked|work|responded|fared) (very|quite|really|so|just)?"
        " (well|fine|nicely|better|great)"),
        ("(work|works|worked|working|help|helps|helped|helping|benefit|benefits|benefited|benefitted"
        "|effective|efficacious|efficacy|efficient|improve|improves|improved|improving|improvement"
        "|improvements|responds|respond|responded|response|responses|promising|encouraging|positive"
        "|reassuring|favourable|favorable|impressive|convincing|unload|protects|reduces|reduced"
        "|safe|tolerated)"),
        ("(good|nice|great|excellent|strong|solid|clear) (result|results|outcome|outcomes"
        "|experience|data|evidence|reason|reasons|rationale|effect|effects|signal|signals|things|idea)"),
        ("(has|have|had|was|were|is|are|being|been) (also|already|now|often|sometimes)?"
        " (used|tried|given|started|prescribed)"),
        "(makes|make|made) sense", "rationale", ("(met|reached|hit) (its|the|their) (primary)?"
        " (endpoint|end point)"), "phase (2|3|II|III)", "hazard ratio", "HR {number}",
        "go ahead", "(would|should|might|could) (also|still)? (work|help|benefit|be worth|do)",
        "(use|uses|using|used|prescribe|give|gives|giving|gave) (it|this|them|{product})",
        "no (problem|problems|accumulation|issue|issues|harm)", "without (problems|trouble|issues)",
        "the same (benefit|effect|result|results)", "very happy",
        "(is|are) (happy|content|pleased)",
    ),
    TURN: ("but", "however", "although", "though", "yet", "nevertheless", "still", "even so",
           "that said", ";", "while", "whereas"),
    BACK: (
        "(it|its|they|this|these|them|both|the same|same)",
        "(the|this|our) (drug|medicine|tablet|tablets|capsule|capsules|treatment|compound|product)",
    ),
    # Other medicines, as far as a class or a stem tells (WHO, stems of INN).
    OTHER: (
        "{other_medicine}",
        ("(SGLT2*|SGLT 2|beta blocker*|betablocker*|ARNI|ARNIs|MRA|MRAs|ACE inhibitor*|statin*"
        "|diuretic*|DOAC*|anticoagulant*|steroid*|corticosteroid*|chemotherapy|metformin|insulin"
        "|aspirin|digoxin|warfarin|amiodarone|furosemide|bumetanide|torasemide|torsemide"
        "|methotrexate|azathioprine|colchicine|FcRn*)"),
    ),
}  # fmt: skip

OTHER_STEMS = (
    "gliflozin", "pril", "sartan", "olol", "statin", "dipine", "xaban", "gatran", "parin", "tide",
    "glutide", "mab", "tinib", "cept", "prazole", "azole", "cillin", "mycin", "oxacin", "afil",
    "ciguat", "entan", "semide", "renone", "vaptan", "imod", "gliptin", "formin", "prost", "limus",
    "triptan", "barb", "pam", "oxetine", "pramine", "azepine", "sone", "solone",
)  # fmt: skip
"""Ends of international names of other medicines (WHO, The use of stems, 2018); words of six or
more letters."""

_EU = ("=EU", "Europe*", "=EMA")
COUNTRY_WORDS: Mapping[str, tuple[str, ...]] = {
    "US": ("=US", "=USA", "U.S.", "United States", "America*", "=FDA", "USPI"),
    "GB": ("=UK", "=GB", "U.K.", "United Kingdom", "Great Britain", "Britain", "British", "England",
           "=MHRA"),
    "DE": ("German*", "BfArM", "Deutschland", *_EU),
    "FR": ("France", "French", "=ANSM", *_EU),
    "AT": ("Austria*", *_EU), "BE": ("Belgi*", *_EU), "CH": ("Switzerland", "Swiss", "Swissmedic"),
    "ES": ("Spain", "Spanish", *_EU), "IT": ("Ital*", *_EU), "NL": ("Netherlands", "Dutch", *_EU),
    "PL": ("Poland", "Polish", *_EU), "PT": ("Portug*", *_EU), "SE": ("Swed*", *_EU),
    "DK": ("Denmark", "Danish", *_EU), "FI": ("Finland", "Finnish", *_EU), "IE": ("Ireland", *_EU),
    "CA": ("Canada", "Canadian", "Health Canada"), "JP": ("Japan*", "PMDA"),
    "AU": ("Australia*", "=TGA"), "NO": ("Norway", "Norwegian"),
}  # fmt: skip
