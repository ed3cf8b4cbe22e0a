"""Words with a capital that are no patient's name: eponyms, places, nations, the calendar.

Written down from general knowledge; no list was copied.
"""

# People whose names stand for a disease, a sign, a score, an operation or a trial.
EPONYMS = frozenset(
    """
    abbe achilles addison adson alport alzheimer amsler apgar argyll arnold asperger auerbach
    austin babinski baker bankart barlow barre barrett barthel bartholin bartter basedow batten
    becker beck behcet bell bence bennett bernard bethesda bielschowsky billroth binet bishop
    blalock bland bloom boerhaave bonnet bowen bowman bright bristol broca brodmann brown
    brudzinski bruce brugada bruton budd buerger burkitt caplan carpenter castleman chaddock chagas
    charcot charlson chediak chiari child chvostek clara codman conn cooley coombs cori cotard
    courvoisier cox creutzfeldt crigler crohn cullen cushing cutler dandy darier dercum devic
    diamond dix down dressler duchenne duke dukes dunnett dupuytren ebstein eddinger edwards ehlers
    eisenmenger epstein erb ewing fabry fallot fanconi felty fisher fitz fontan fournier fowler
    framingham frank friedreich galeazzi gardner gaucher gehrig ghon giemsa gilbert glasgow gleason
    golgi goodpasture gottron gower graham graves grawitz grey gram guillain hallpike hashimoto
    heberden heimlich heinz henle henoch hertz heschl hirschsprung hodgkin hoffmann homans horner
    howell hunt huntington hutchinson immerslund jackson jacob jacobson jarisch johnson jones
    kaplan kaposi karnofsky kartagener kawasaki kayser keith kelly kerley kernig killip kirschner
    klinefelter klippel kocher koplik korsakoff kruskal krukenberg kussmaul lambert landau
    langerhans laseque leber legionella leigh lennox lesch lewy lhermitte libman liddle likert
    lisch li little locke ludwig lugol lyme lynch mallory mann marfan mcardle mcburney mccune
    mcdonald mcmurray mccoy meckel meier meniere menkes mercer merkel michaelis mikulicz miller
    mitchell mobitz mohs monro moro morton muller munchausen murphy nagele nelson neer niemann
    nissen noonan norwood ohm ortner osgood osler paget pancoast parkinson patrick paul pavlov
    pearson perthes peutz peyronie phalen pick pierre plummer poiseuille pompe potter pott prader
    prinzmetal purkinje quincke ramsay rankin raynaud reed reiter rendu rett reye richter riedel
    rinne romberg ross roth roux russell sachs salter schatzki schiller schilling schirmer schwann
    scheuermann seldinger sever sezary sheehan shapiro shy simmonds simpson sipple sjogren smith
    snellen spearman spurling stargardt stein steinberg stevens stewart stickler still stokes
    student sturge sudeck sweet swan sydenham takayasu takotsubo tanner tay terry tet thomas
    thompson thomsen tinel todd tourette treacher trendelenburg trousseau tukey turcot turner
    tzanck valsalva vater virchow volkmann wagner waldenstrom wallenberg warthin waterhouse weber
    wegener welch well wells wermer wernicke west whipple wilcoxon willebrand williams wilms wilson
    winkler wiskott wolff wood xavier youden zellweger zenker ziehl zollinger kaplan-meier
    guillain-barre creutzfeldt-jakob child-pugh lennox-gastaut wolff-parkinson-white charcot-marie
    """.split()
)

# Common words that begin a sentence or stand in a heading; parts of names of institutions.
PLAIN = frozenset(
    """
    a about above according acute add adult advanced adverse advice after again age aged all almost
    also although am among an analysis and annual another any anyone apart approach are area art as
    asian assessment at author back background baseline based be because been before below benefit
    best beta better between blood both board body boy brain british but by call can cancer cardiac
    care case cases caucasian cell center centre central chair chest chief child children chronic
    class clinic clinical cohort college come common comparative comparison company complaint
    complete conclusion conclusions consider consultant contact continue contraindications control
    controlled could count country course covid critical current daily data date day days dear
    death department describe design details diagnosis did differential disease discharge discuss
    do does doctor dosage dose drug due during each early east eastern echo effect effective
    effectiveness effects efficacy eight elderly emergency end english enough european evaluation
    even event every evidence exam examination example except exercise eye factor family father
    female few final finally find finding findings first five follow followed following for
    foundation four free french from full further gene general german get girl give given good
    great group guidance guideline guidelines had half has have having he head health healthcare
    hello hence her here hi high him his history home hospital hour how however i if immediate
    impact important improved in include including increased indication indications individual
    infection information initial institute insurance intensive international interesting
    intervention into is issue it its jewish journal just kidney know lab label large last late
    latest left let level like likely list little liver local long look low lung lymph made main
    major male man management many married may mean measure medical medication medications medicine
    memorial men mental method methods middle mild might mild miss missing model moderate month
    more morning most mother much muscle muslim my name national natural need needs negative nerve
    neurology new news next night nine no non none normal north northern not note notes nothing now
    number nurse objective of office ok old on once one only onset open optimal option options or
    oral other others our out outcome outcomes over own oncology pain paediatric pediatric parent
    part past patient patients people per perhaps person phase physical physician place plan please
    point policy poll poor positive possible post potential practice practices pregnancy pregnant
    present presentation previous primary prior private prof professor prognosis progressive
    protocol protocols public purpose question questions rapid rare rate rates ready recent
    recently recommendation recommendations recommended recurrent refer reference referral
    regarding regional regular relapse remember report reported request research response rest
    result results review right risk role room royal safety saint same school score screening
    second secondary section see senior series serious service set seven severe sex she short
    should side signs similar since single sister site six skin small so social society some
    someone son soon south southern spanish special specialist specific staff stage standard state
    states status steps still stroke studies study subject such summary surgery surgical survival
    symptom symptoms system table take target team tell ten test testing tests thank thanks that
    the their them then therapy there these they thing think third this those though thought three
    through thus time tips title to today together tomorrow too total toward treat treatment
    treatments trial trials trust try two type typical uncontrolled under unit united university
    unknown until untreated up update updated upper urgent us use used useful using usual value
    various very via view visit vs wait want was we week weeks well were west western what when
    where whether which while white who whole whom whose why widely wife will with without woman
    women word work world would yes yet you young your zero african american hispanic latino latina
    latinx indian chinese japanese korean native arab black pacific islander mexican filipino
    vietnamese italian dutch swiss turkish polish russian swedish danish irish scottish welsh greek
    christian catholic herr frau mr mrs ms mx dr sir madam lady lord gp hcp msl nhs pt fda ema nice
    who cdc ct mri ecg monday tuesday wednesday thursday friday saturday sunday january february
    march april june july august september october november december jan feb mar apr jun jul aug
    sept sep oct nov dec spring summer autumn winter easter christmas vitamin hepatitis influenza
    protein complex grade lesion criteria syndrome sign reflex scale index staging classification
    diet aspirin insulin metformin warfarin heparin lisinopril morphine ibuprofen tylenol advil
    ortelvane brenquive alderwick
    """.split()
)

# Nations, states and the like, which Safe Harbor allows.
LARGE_PLACES = frozenset(
    """
    afghanistan africa alabama alaska albania algeria america argentina arizona arkansas armenia
    asia australia austria azerbaijan bangladesh bavaria belarus belgium bolivia bosnia brazil
    britain brittany bulgaria burma california cameroon canada caribbean catalonia chile china
    colombia colorado congo connecticut croatia cuba cyprus czechia dakota delaware denmark ecuador
    egypt england eritrea estonia ethiopia europe fiji finland florida france georgia germany ghana
    greece greenland guatemala guinea guyana haiti hawaii hesse holland honduras hungary iceland
    idaho illinois india indiana indonesia iowa iran iraq ireland israel italy jamaica japan jordan
    kansas kazakhstan kentucky kenya korea kosovo kuwait laos latvia lebanon liberia libya
    lithuania louisiana luxembourg macedonia madagascar maine malawi malaysia mali malta manitoba
    maryland massachusetts mauritius mexico michigan minnesota mississippi missouri moldova
    mongolia montana montenegro morocco mozambique myanmar namibia nebraska nepal netherlands
    nevada nicaragua niger nigeria norway ohio oklahoma oman ontario oregon pakistan palestine
    panama paraguay pennsylvania peru philippines poland portugal qatar quebec queensland romania
    russia rwanda samoa saskatchewan saxony scandinavia scotland senegal serbia sicily singapore
    slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania tasmania
    tennessee texas thailand tibet togo tunisia turkey uganda ukraine uruguay usa uk utah
    uzbekistan venezuela vermont victoria vietnam virginia wales washington wisconsin wyoming yemen
    zambia zimbabwe york jersey hampshire zealand carolina lanka arabia leone sierra sri costa
    saudi papua burkina trinidad salvador rica emirates wales africa asia
    """.split()
)

DRUG_ENDINGS = (
    "mab", "nib", "vir", "pril", "sartan", "statin", "olol", "gliflozin", "gliptin", "glutide",
    "azole", "mycin", "micin", "cillin", "floxacin", "parin", "xaban", "grel",
    "grelor", "dipine", "zepam", "zolam", "caine", "oxetine", "apine", "idone", "piprazole",
    "triptan", "setron", "prazole", "tidine", "thiazide", "semide", "afil", "trexate", "mustine",
    "platin", "rubicin", "taxel", "ciclib", "limus", "solone", "fungin", "cycline",
    "oxacin", "barbital", "profen", "coxib", "dronate", "parib", "lukast", "tropium",
    "bromide", "chloride", "trectate", "trect", "dacopt", "siran", "leucel",
)  # fmt: skip

_SHORTEST_DRUG = 6

# Two names in a row that stand for a disease, a sign or a stage.
PAIRS = frozenset(
    {
        "ann arbor", "arnold chiari", "austin flint", "charles bonnet", "claude bernard",
        "florence nightingale", "graham steell", "jane doe syndrome", "john cunningham",
        "lou gehrig", "louis bar", "marcus gunn", "miller fisher", "pierre marie", "pierre robin",
        "ramsay hunt", "robin hood", "russell silver", "stevens johnson", "treacher collins",
        "vogt koyanagi", "wolff parkinson", "bence jones", "von willebrand", "swan ganz",
        "kaplan meier", "mantel haenszel", "martin bell", "prader willi", "scott syndrome",
        "tom cruise", "virginia apgar", "william osler", "saint louis", "king george",
    }
)  # fmt: skip


def is_nobody(word: str) -> bool:
    """Whether a word, in small letters, is no part of a person's name of itself."""
    return word in PLAIN or word in LARGE_PLACES or is_like_a_drug(word)


def is_like_a_drug(word: str) -> bool:
    """Whether a long word, in small letters, ends as names of medicines do (WHO's INN stems)."""
    return len(word) > _SHORTEST_DRUG and word.endswith(DRUG_ENDINGS)
