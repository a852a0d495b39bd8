"""Given names of Western languages beside the Russian form in use, where the sounds went their own way.

The Russian forms follow practical transcription (Gilyarevsky and Starostin, "Иностранные имена и названия в русском
тексте"); only names are listed that the rules of `spelling` do not bring together.
"""

_PAIRS = """
john джон|johnny джонни|jon джон|michael майкл|mike майк|james джеймс|george джордж|charles чарльз|thomas томас
william уильям|will уилл|joseph джозеф|matthew мэтью|andrew эндрю|stephen стивен|steven стивен|steve стив|peter питер
paul пол|brian брайан|bryan брайан|ryan райан|jean жан|jacques жак|yves ив|jerome жером|guy ги|guillaume гийом
francois франсуа|luc люк|olivier оливье|michel мишель|pierre пьер|herve эрве|hugues юг|xavier ксавье|gilles жиль
hugh хью|hughes хьюз|graham грэм|graeme грэм|ian иэн|sean шон|shawn шон|neil нил|keith кит|kenneth кеннет|nigel найджел
christopher кристофер|chris крис|christian кристиан|christine кристин|christina кристина|nicholas николас|jeffrey джеффри
geoffrey джеффри|gerard жерар|gerald джеральд|jerry джерри|roger роджер|ralph ральф|raymond реймонд|wayne уэйн
walter уолтер|warren уоррен|wendy уэнди|elizabeth элизабет|catherine кэтрин|katherine кэтрин|kathryn кэтрин|kate кейт
jane джейн|janet джанет|joan джоан|joanne джоанна|jennifer дженнифер|jessica джессика|julie джули|julia джулия
judith джудит|joyce джойс|joy джой|alice элис|ann энн|anne энн|angela анджела|amy эми|emily эмили|eva эва|eileen эйлин
helen хелен|heather хизер|michelle мишель|rachel рейчел|rebecca ребекка|ruth рут|sarah сара|susan сьюзан|tracy трейси
stewart стюарт|stuart стюарт|david дэвид|dave дейв|daniel дэниел|edward эдвард|eugene юджин|gene джин|alan алан
allen аллен|albert альберт|arthur артур|anthony энтони|tony тони|adam адам|alexander александр|alex алекс|craig крейг
nathan натан|nate нейт|jake джейк|jason джейсон|jack джек|jeremy джереми|jim джим|joe джо|josh джош|joshua джошуа
justin джастин|louis луи|luke люк|mark марк|marc марк|maurice морис|patrick патрик|philip филипп|phillip филипп
richard ричард|robert роберт|ronald рональд|russell рассел|samuel сэмюэл|scott скотт|simon саймон|timothy тимоти
vincent винсент|bruce брюс|blake блейк|dale дейл|dean дин|dennis деннис|douglas дуглас|duncan дункан|dwight дуайт
hans ганс|heinz хайнц|heinrich генрих|helmut гельмут|hermann герман|johann иоганн|johannes йоханнес|juergen юрген
jurgen юрген|jorg йорг|joachim йоахим|jens йенс|klaus клаус|karl карл|werner вернер|wolfgang вольфганг|wilhelm вильгельм
juan хуан|jose хосе|jorge хорхе|javier хавьер|jesus хесус|julio хулио|giovanni джованни|giuseppe джузеппе|giorgio джорджо
luigi луиджи|guido гвидо|massimo массимо|cecilia чечилия|joao жуан|henri анри|henry генри|harry гарри|howard говард
jean-pierre жан-пьер|macdonald макдональд|brownfield браунфилд|brown браун|smith смит|johnson джонсон|taylor тейлор
wright райт|white уайт|wilson уилсон|young янг|moore мур|clark кларк|baker бейкер|miller миллер|murphy мерфи|jones джонс
hill хилл|green грин|king кинг|lee ли|lewis льюис|walker уокер|williams уильямс|jackson джексон|reynolds рейнольдс
"""


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for pair in _PAIRS.replace("\n", "|").split("|"):
        if pair:
            western, russian = pair.split()
            table[western] = (*table.get(western, ()), russian)
    return table


RUSSIAN_FORMS = _table()
