package parse

import "testing"

// Told by small words or by script, whatever the site's language is.
func TestTextTellsItsLanguage(t *testing.T) {
	for want, text := range map[string]string{
		"nl": "De gemeente heeft dinsdag besloten dat de oude haven niet wordt gesloten, maar dat er een nieuwe kade komt voor de schepen die nu nog op zee wachten. Volgens de burgemeester is het geld er al, en wordt in het voorjaar met het werk begonnen. De vissers zijn er blij mee, maar vragen zich af wie het onderhoud gaat betalen.",
		"sv": "Kommunen beslutade på tisdagen att den gamla hamnen inte ska stängas, utan att det byggs en ny kaj för de fartyg som nu väntar till havs. Enligt borgmästaren finns pengarna redan och arbetet ska börja i vår. Fiskarna är glada, men de undrar vem som ska betala för underhållet när det är klart och om hamnen kan hållas öppen.",
		"da": "Kommunen besluttede tirsdag, at den gamle havn ikke skal lukkes, men at der skal bygges en ny kaj til de skibe, som nu venter ude på havet. Ifølge borgmesteren er pengene der allerede, og arbejdet begynder efter påske. Fiskerne er glade for det, men de spørger, hvem der skal betale, når det hele er færdigt, og hvad det koster af tid.",
		"fi": "Kaupunki päätti tiistaina, että vanha satama ei sulkeudu, vaan sen viereen rakennetaan uusi laituri. Pormestarin mukaan rahat ovat jo olemassa ja työ alkaa keväällä, kun jää on lähtenyt. Kalastajat ovat iloisia, mutta he kysyvät, kuka maksaa, jos satama ei tuota niin paljon kuin on luvattu. Asiasta ei ole vielä sovittu, mutta se on myös valtion asia.",
		"cs": "Město se v úterý rozhodlo, že starý přístav nebude uzavřen a že se pro lodě, které teď čekají na moři, postaví nové molo. Podle starosty jsou peníze už na účtu a práce začnou na jaře, až se oteplí. Rybáři z toho mají radost, ale ptají se, kdo to bude po letech opravovat a jestli to není příliš drahé pro tak malé město.",
		"hu": "A város kedden úgy döntött, hogy a régi kikötőt nem zárja be, hanem egy új mólót is épít azoknak a hajóknak, amelyek most még a tengeren várnak. A polgármester szerint a pénz már megvan, és a munka tavasszal el is kezdődik. A halászok örülnek, de azt kérdezik, ki fizeti majd, ha a móló nem lesz olyan, mint amit ígértek.",
		"ro": "Orașul a decis marți că vechiul port nu va fi închis și că se va construi un chei nou pentru navele care așteaptă acum pe mare. Primarul a spus că banii sunt deja în cont, iar lucrările vor începe în primăvară. Pescarii sunt bucuroși, dar se întreabă cine va plăti după ce totul este gata și dacă nu a fost prea scump pentru un oraș atât de mic.",
		"tr": "Belediye salı günü eski limanın kapatılmayacağına ve denizde bekleyen gemiler için yeni bir iskele yapılacağına karar verdi. Başkan paranın hazır olduğunu ve işin ilkbahar ile başlayacağını söyledi. Balıkçılar bu karardan memnun ama bakımı kimin ödeyeceği daha belli değil, çok pahalı olan bu iş için ne kadar süre gerektiği de bilinmiyor, dedi.",
		"id": "Kota itu pada hari Selasa memutuskan bahwa pelabuhan lama tidak akan ditutup, dan sebuah dermaga baru akan dibangun untuk kapal yang sekarang menunggu di laut. Wali kota mengatakan uang itu sudah ada dan pekerjaan dimulai pada musim semi. Para nelayan senang dengan keputusan ini, tetapi mereka bertanya siapa yang akan membayar karena biaya tersebut lebih besar dari yang ada.",
		"bg": "Градът реши във вторник, че старото пристанище няма да се затваря, а за корабите, които чакат в морето, ще бъде построен нов кей. Според кмета парите вече са налице и работата ще започне през пролетта. Рибарите са доволни, но питат кой ще плаща след това и дали не е прекалено скъпо за един толкова малък град като този.",
		"el": "Ο δήμος αποφάσισε την Τρίτη ότι το παλιό λιμάνι δεν θα κλείσει, αλλά θα χτιστεί μια νέα προβλήτα για τα πλοία που περιμένουν τώρα στη θάλασσα. Ο δήμαρχος είπε ότι τα χρήματα υπάρχουν ήδη και ότι τα έργα θα αρχίσουν την άνοιξη, όταν ο καιρός το επιτρέψει.",
		"ja": "市議会は火曜日、古い港を閉鎖せず、沖で待っている船のために新しい桟橋を造ることを決めた。市長によると資金はすでにあり、工事は春に始まる。漁師たちは喜んでいるが、維持費を誰が払うのかを尋ねている。",
		"zh": "市议会星期二决定不关闭旧港口，并将为在海上等待的船只建造一座新码头。市长表示，资金已经到位，工程将于春季开始。渔民对此感到高兴，但他们想知道以后由谁来支付维修费用，以及这对一个小城市来说是否过于昂贵。",
		"ar": "قررت المدينة يوم الثلاثاء أن الميناء القديم لن يغلق، وأن رصيفا جديدا سيبنى من أجل السفن التي تنتظر الآن في البحر. وقال رئيس البلدية إن المال موجود، وإن العمل سيبدأ في الربيع بعد أن يتحسن الطقس. ويسأل الصيادون عن من سيدفع كل هذا المال، مع أن هذا القرار كان ما طلبوه منذ سنوات، أو على الأقل بعد العاصفة.",
		"hi": "शहर ने मंगलवार को तय किया कि पुराना बंदरगाह बंद नहीं होगा और समुद्र में रुके जहाजों के लिए एक नया घाट बनाया जाएगा। महापौर ने कहा कि पैसे पहले से हैं और काम वसंत में शुरू होगा। मछुआरे इस फैसले से खुश हैं, पर वे पूछ रहे हैं कि इसके बाद खर्च कौन देगा और यह काम कब तक हो जाएगा, या नहीं भी।",
		"vi": "Thành phố hôm thứ Ba đã quyết định không đóng cửa cảng cũ, và sẽ xây một bến mới cho những con tàu đang chờ ngoài khơi. Thị trưởng nói rằng tiền đã có và công việc sẽ bắt đầu vào mùa xuân. Ngư dân rất vui với quyết định này, nhưng họ hỏi ai sẽ trả tiền khi bến được xây xong, và có được như đã hứa không.",
		"":   "Zumtir velka prolun dastor mivek hulban trosk parden wilto genfa, rulmek dosta belun farwi kestro plimda vornu haltek brimso danvel. Tolmi grenda vusko harpel dinto melvar sonki brulta wendo farsil, kulmer trinda vospel hamto grelda minsu porvek daltri. Sulven morta klinde vaspu tergon hilma drosti welpan.",
	} {
		if got := detect(text); got != want {
			t.Errorf("%q is told for %q: %.60s…", got, want, text)
		}
	}
}
