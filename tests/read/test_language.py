from __future__ import annotations

import pytest

from hypecheck.read.language import ENGLISH_SHARE, FEWEST_WORDS, detect

OTHER = {
    "Spanish": """El nuevo tratamiento reduce el dolor en la mayoría de los pacientes, según un estudio
        publicado este mes. Los médicos advierten que no se debe tomar sin consultar, y que a largo plazo
        no se conocen todos los efectos. La clínica ofrece una primera visita gratuita a quienes tienen
        más de sesenta años.""",
    "German": """Die neue Behandlung hat in einer kleinen Studie die Schmerzen bei vielen Patienten
        verringert. Was an den Ergebnissen noch offen ist, will die Klinik im Herbst in einer größeren
        Untersuchung klären. So war es auch bei anderen Mitteln, die am Anfang als Wunder galten.""",
    "French": """Le nouveau traitement réduit la douleur chez la plupart des patients, selon une étude
        publiée ce mois. On ne sait pas encore si les effets durent, or les médecins demandent plus de
        données. La clinique a ouvert un centre où les malades sont suivis pendant un an.""",
    "Portuguese": """O novo tratamento reduz a dor na maioria dos doentes, segundo um estudo publicado este
        mês. Os médicos avisam que não se deve tomar sem consulta, e que a longo prazo os efeitos são
        pouco conhecidos. A clínica oferece uma primeira visita a quem tem mais de sessenta anos.""",
    "Italian": """Il nuovo trattamento riduce il dolore nella maggior parte dei pazienti, secondo uno
        studio uscito questo mese. I medici dicono che non si deve prendere senza una visita, e che a
        lungo termine gli effetti sono poco noti. La clinica offre un primo incontro.""",
    "Dutch": """De nieuwe behandeling vermindert de pijn bij veel patiënten, zo blijkt uit een kleine
        studie. Of het effect blijft, is nog niet bekend, en de artsen willen meer weten over wat er na
        een jaar gebeurt. Was het middel te duur, dan had de kliniek een andere weg moeten zoeken.""",
    "Turkish": """Yeni tedavi, bu ay yayımlanan bir çalışmaya göre hastaların çoğunda ağrıyı azaltıyor.
        Hekimler, danışmadan kullanılmaması gerektiğini ve uzun süreli etkilerin henüz bilinmediğini
        söylüyor. Klinik, altmış yaşın üzerindekilere her hasta için ayrı bir plan hazırlıyor.""",
    "Polish": """Nowe leczenie zmniejsza ból u większości chorych, jak podaje badanie opublikowane w tym
        miesiącu. Lekarze ostrzegają, że nie należy go stosować bez porady, a skutki długiego stosowania
        nie są jeszcze znane. To dopiero początek i do pełnej oceny potrzeba więcej danych.""",
    "Danish": """Den nye behandling mindsker smerter hos de fleste patienter, viser et studie fra denne
        måned. Lægerne advarer mod at tage midlet uden råd, for man ved ikke nok om hvad der sker efter
        et år. Klinikken har åbent for dem som er over tres, og de kan have en pårørende med.""",
    "Finnish": """Uusi hoito vähensi kipua useimmilla potilailla pienessä tutkimuksessa, joka julkaistiin
        tässä kuussa. Lääkärit varoittavat, ettei sitä pidä ottaa ilman neuvoa eikä pitkän ajan
        vaikutuksia tunneta.""",
    "Chinese": """一项小型研究显示，新疗法减轻了多数患者的疼痛。医生提醒，未经咨询不要自行使用，
        长期效果目前还不清楚。诊所为六十岁以上的人提供首次免费咨询。""",
    "Japanese": """小規模な研究によると、新しい治療法は多くの患者の痛みを和らげた。医師は相談なしに
        使わないよう呼びかけており、長期的な影響はまだ分かっていない。""",
    "Arabic": """أظهرت دراسة صغيرة أن العلاج الجديد خفف الألم لدى معظم المرضى. ويحذر الأطباء من استخدامه
        دون استشارة، فآثاره على المدى الطويل غير معروفة حتى الآن.""",
    "Russian": """Новое лечение уменьшило боль у большинства больных, показало небольшое исследование.
        Врачи предупреждают, что принимать средство без совета нельзя, а о последствиях мало известно.""",
}

ENGLISH = {
    "prose": """The new treatment eased pain in most of the patients in a small study published this
        month. Doctors warn that nobody should take it without advice, and that its effects over several
        years are not known.""",
    "terse news": """HEARTWELL, Ohio, May 3 - Novanta Bio said Tuesday trial data showed tumor growth
        slowed in 41 of 60 patients given AX-12, a kinase inhibitor. Shares rose 12 percent. Analysts
        expect a filing this year.""",
    "vitamins": """Vitamin D3 5000 IU Softgels, 240 Count\nSupports immune health and strong bones
        Non-GMO, gluten free, no artificial colors\nThird-party tested for purity\nEasy to swallow
        8 month supply\nIngredients: vitamin D3 (cholecalciferol), organic olive oil, gelatin, glycerin
        Made in the USA\nFree shipping on orders over $35\nSubscribe and save 10%\nAdd to cart""",
    "cream": """Joint Relief Cream 4 oz\nFast acting formula\nMenthol 10%, camphor 4%
        Arnica, aloe vera, turmeric extract, boswellia\nParaben free, cruelty free, fragrance free
        Knees, elbows, shoulders, hands, back\nDoctor recommended\n90 day money back guarantee
        Clinically proven results\nFeel better, move better, live better""",
    "one long product name": """Premium Magnesium Glycinate 400mg - 180 Veggie Capsules - High Absorption -
        Sleep, Stress, Muscle Cramps, Heart Health - Vegan, Keto, Paleo - Bottled in USA - Calories 0 -
        Doctor formulated - Ultra pure - Maximum strength - Reviews - Buy now""",
    "with foreign names": """Researchers at the Universität Zürich and the Città della Salute in Turin gave
        naïve participants a placebo for two weeks. They saw no difference, and the work is not yet
        reviewed.""",
    "with some Greek": """The drug blocks TNF-α and IL-1β, and patients who took it for a year had less of
        both. This does not show that they live longer, because the study was small.""",
}


@pytest.mark.parametrize("passage", OTHER.values(), ids=OTHER)
def test_another_language_is_told_apart(passage):
    assert detect([passage]) == "other"


@pytest.mark.parametrize("passage", ENGLISH.values(), ids=ENGLISH)
def test_english_is_english_with_and_without_sentences(passage):
    assert detect([passage]) == "en"
    assert detect(passage.split("\n")) == "en"


@pytest.mark.parametrize(
    "texts",
    [[], [""], ["No lo sé."], ["the " * (FEWEST_WORDS - 1)], ["12 34 56 " * 40], ["痛みが消えた"]],
    ids=["nothing", "empty", "short Spanish", "a word too few", "numbers", "short Japanese"],
)
def test_too_little_to_tell(texts):
    assert detect(texts) == ""


def test_the_threshold_itself_is_english():
    assert ENGLISH_SHARE == 1 / 20
    assert detect(["the " + "perro " * 19]) == "en"
    assert detect(["the " + "perro " * 20]) == "other"
