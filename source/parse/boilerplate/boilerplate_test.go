package boilerplate

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// banners are lines as sites around the world put them under articles, worded
// for this test.
var banners = []struct{ kind, text string }{
	{"consent", "By continuing to browse this site you agree to our use of cookies."},
	{"consent", "We use cookies to make your visit nicer and to measure traffic on our website. Accept all – Settings"},
	{"consent", "If you stay with us, you accept that we store cookies in your browser."},
	{"consent", "Cookies help us serve you better. Do you allow them?"},
	{"consent", "Залишаючись на сайті, ви даєте згоду на використання файлів cookie, які роблять ваше перебування тут приємнішим."},
	{"consent", "Ми застосовуємо кукі, щоб сайт працював краще. Погоджуюсь"},
	{"consent", "Продовжуючи переглядати сторінку, Ви приймаєте нашу політику щодо cookies"},
	{"consent", "Оставаясь на сайте, вы соглашаетесь с тем, что мы храним файлы cookie."},
	{"consent", "Мы используем куки, чтобы вам было удобнее пользоваться нашим сайтом"},
	{"consent", "Wir nutzen Cookies, um Ihnen den Besuch unserer Seiten angenehmer zu machen."},
	{"consent", "Mit dem Verbleib auf dieser Website erklären Sie sich mit Cookies einverstanden."},
	{"consent", "Wenn du weiterliest, stimmst du dem Einsatz von Cookies zu."},
	{"consent", "En restant sur ce site, vous acceptez le dépôt de cookies qui rendent votre visite plus agréable."},
	{"consent", "Nous utilisons des cookies pour améliorer votre navigation. Tout refuser"},
	{"consent", "Al permanecer en la página aceptas que guardemos cookies en tu navegador."},
	{"consent", "Utilizamos cookies propias y de terceros para mejorar su experiencia en nuestro sitio."},
	{"consent", "Pozostając na stronie, zgadzasz się na zapisywanie plików cookie."},
	{"consent", "Nasz serwis wykorzystuje ciasteczka, aby ułatwić Ci korzystanie z niego."},
	{"consent", "Restando su questo sito acconsenti all'uso dei cookie che migliorano la tua visita."},
	{"consent", "Utilizziamo i cookie per offrirti una navigazione migliore."},
	{"consent", "Ao permanecer neste site, você concorda com o uso de cookies."},
	{"consent", "Utilizamos cookies para que a sua visita à nossa página seja melhor."},
	{"language-switch", "It looks like your browser speaks English. Would you like to switch to the English version of this site?"},
	{"language-switch", "Судячи з налаштувань браузера, ви можете надати перевагу українській версії сайту. Перейти?"},
	{"language-switch", "Похоже, ваш браузер настроен на русский язык. Хотите перейти на русскую версию сайта?"},
	{"language-switch", "Ihr Browser ist auf Deutsch eingestellt. Möchten Sie zur deutschen Version der Seite wechseln?"},
	{"language-switch", "Votre navigateur est en français. Souhaitez-vous passer à la version française du site ?"},
	{"language-switch", "Su navegador está en español. ¿Quiere cambiar a la versión en español de este sitio?"},
	{"language-switch", "Twoja przeglądarka jest po polsku. Czy chcesz przejść do polskiej wersji strony?"},
	{"language-switch", "Il tuo browser è in italiano. Vuoi passare alla versione italiana del sito?"},
	{"language-switch", "O seu navegador está em português. Gostaria de mudar para a versão portuguesa do site?"},
	{"language-switch", "Читати українською"},
	{"language-switch", "Read this article in French"},
	{"language-switch", "Diesen Artikel auf Englisch lesen"},
	{"read-also", "Read also: The bridge that nobody wanted"},
	{"read-also", "Читайте також: Міст, якого ніхто не хотів"},
	{"read-also", "Читайте также: Мост, который никому не нужен"},
	{"read-also", "Lesen Sie auch: Die Brücke, die keiner wollte"},
	{"read-also", "À lire aussi : Le pont dont personne ne voulait"},
	{"read-also", "Te puede interesar: El puente que nadie quería"},
	{"read-also", "Czytaj też: Most, którego nikt nie chciał"},
	{"read-also", "Leggi anche: Il ponte che nessuno voleva"},
	{"read-also", "Leia também: A ponte que ninguém queria"},
	{"share", "Share this article on Facebook"},
	{"share", "Share on Telegram"},
	{"share", "Поділитися у Facebook"},
	{"share", "Поделиться с друзьями"},
	{"share", "Artikel teilen"},
	{"share", "Partager sur Facebook"},
	{"share", "Compartir en WhatsApp"},
	{"share", "Udostępnij na Facebooku"},
	{"share", "Condividi su Facebook"},
	{"share", "Compartilhe no WhatsApp"},
	{"subscribe", "Subscribe to our newsletter and never miss a story."},
	{"subscribe", "Підписуйтесь на наш канал у Telegram"},
	{"subscribe", "Подписывайтесь на наш канал в Telegram"},
	{"subscribe", "Abonnieren Sie unseren Newsletter."},
	{"subscribe", "Abonnez-vous à notre lettre d'information."},
	{"subscribe", "Suscríbete a nuestro boletín."},
	{"subscribe", "Zapisz się do naszego newslettera"},
	{"subscribe", "Iscriviti alla nostra newsletter"},
	{"subscribe", "Inscreva-se na nossa newsletter"},
	{"advert", "Advertisement"},
	{"advert", "Werbung"},
}

func shipped(t *testing.T) *Matcher {
	m, err := New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBannersNobodyHasSeenAreKnown(t *testing.T) {
	m := shipped(t)
	for _, b := range banners {
		rule, ok := m.Match(b.text, true)
		if !ok {
			t.Errorf("not known (%s): %s", b.kind, b.text)
		} else if !strings.HasSuffix(rule, "/"+b.kind) {
			t.Errorf("%s is %s, want %s", b.text, rule, b.kind)
		}
		if m.Keeps(b.text) {
			t.Errorf("kept: %s", b.text)
		}
	}
}

// prose are last and first paragraphs of articles, near to what banners say.
var prose = []string{
	"The bakery sells two hundred cookies a day, and the children of the street are its best customers.",
	"\"We agreed on the text last night,\" the minister said. \"Our delegation will use the coming days to explain it.\"",
	"Both sides agreed that real progress depends on a serious commitment to peace.",
	"The new version of the law will be read in parliament in March.",
	"He prefers to read Polish poetry in the original language.",
	"Related costs rose by five percent over the year, the office said.",
	"Share prices fell on Monday after the bank's report.",
	"The paper has more subscribers than ever, its editor told our reporter.",
	"Read the full judgment and you will see why the court hesitated.",
	"Сторони погодилися продовжити переговори наступного тижня.",
	"Нова версія закону українською мовою з'явиться у березні.",
	"Он согласился ответить на вопросы нашего корреспондента.",
	"Die Parteien stimmten dem Entwurf am Dienstag zu.",
	"Wir nutzen den Sommer, um das Dach zu erneuern, sagte sie.",
	"Les deux parties ont accepté de poursuivre les discussions.",
	"Las partes aceptaron continuar las conversaciones en su sede.",
	"Strony zgodziły się na kontynuowanie rozmów.",
	"Le parti hanno accettato di continuare i colloqui nella loro sede.",
	"As partes concordaram em continuar as conversações na sua sede.",
	"Witkoff himself made a statement on this matter:",
	"Points of attention",
	"Printing the book took three weeks.",
	"",
}

func TestProseIsNoBanner(t *testing.T) {
	m := shipped(t)
	for _, p := range prose {
		if rule, ok := m.Match(p, true); ok {
			t.Errorf("taken for %s: %s", rule, p)
		}
	}
}

func TestLongParagraphIsNobodysBanner(t *testing.T) {
	m := shipped(t)
	long := banners[0].text + strings.Repeat(" And so the story went on for a while.", 20)
	if rule, ok := m.Match(long, true); ok {
		t.Errorf("taken for %s", rule)
	}
}

func TestWhatMustStayIsKept(t *testing.T) {
	m := shipped(t)
	for _, p := range []string{
		"Correction: an earlier version of this article named the wrong river.",
		"Sponsored by the Port of Nordstadt", "© 2026 The Harbour Times", "Photo: A. Roe", "The author owns shares in the port.",
		"Виправлення: у першій версії статті була помилка.", "Фото: А. Роу", "За підтримки порту", "Исправление: имя было указано неверно.",
		"Korrektur: Der Name war falsch.", "Foto: A. Roe", "Rectificatif : le nom était faux.", "Corrección: el nombre era otro.",
		"Sprostowanie: nazwisko było błędne.", "Fot. A. Roe", "Rettifica: il nome era sbagliato.", "Correção: o nome estava errado.",
	} {
		if !m.Keeps(p) {
			t.Errorf("could be dropped: %s", p)
		}
	}
	for _, p := range []string{"Points of attention", "The council met on Tuesday.", "Ми чекаємо."} {
		if m.Keeps(p) {
			t.Errorf("kept for no reason: %s", p)
		}
	}
}

func TestOwnersPatterns(t *testing.T) {
	m, err := New([]string{`^Our sponsor today`}, []string{`^We use cookies in our kitchen`})
	if err != nil {
		t.Fatal(err)
	}
	if rule, ok := m.Match("our sponsor TODAY is the port", false); !ok || rule != "the owner's ^Our sponsor today" {
		t.Errorf("rule %q, %v", rule, ok)
	}
	if _, ok := m.Match(banners[0].text, false); ok {
		t.Error("a shipped pattern was asked")
	}
	if !m.Keeps("We use cookies in our kitchen, for you.") {
		t.Error("the owner's keep pattern was not asked")
	}
	if _, err := New([]string{"("}, nil); err == nil || !strings.Contains(err.Error(), `"("`) {
		t.Errorf("a bad pattern must be named: %v", err)
	}
	if _, err := New(nil, []string{"[z"}); err == nil || !strings.Contains(err.Error(), "keep") {
		t.Errorf("a bad keep pattern must be named: %v", err)
	}
}

// Without the quick look nothing else may match than with it.
func TestQuickLookLosesNothing(t *testing.T) {
	m := shipped(t)
	for _, r := range slices.Concat(m.shipped().drop, m.shipped().keep) {
		if len(r.trick) == 0 {
			t.Errorf("%s: %s has no literal of four bytes: every paragraph would be matched in full", r.name, r.all)
		}
	}
	all := &rules{}
	for i, r := range m.shipped().drop {
		r.trick = nil
		all.drop = append(all.drop, r)
		all.drops.all = append(all.drops.all, i)
	}
	slow := &Matcher{shipped: func() *rules { return all }}
	for _, p := range append(texts(), prose...) {
		a, _ := m.Match(p, true)
		b, _ := slow.Match(p, true)
		if a != b {
			t.Errorf("%q is %q with the quick look, %q without", p, a, b)
		}
	}
}

func TestNormalKnowsEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := " a b "
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			want = " a" + string(unicode.ToLower(r)) + "b "
		}
		if got := Normal("A" + string(r) + "b"); got != want {
			t.Fatalf("Normal with %U is %q, want %q", r, got, want)
		}
	}
	for p, want := range map[string]string{"": " ", " \n": " ", "a": " a ", "  A--b  ": " a b ", "\xffa\xff": " a "} {
		if got := Normal(p); got != want {
			t.Errorf("Normal(%q) = %q, want %q", p, got, want)
		}
	}
}

func texts() []string {
	var out []string
	for _, b := range banners {
		out = append(out, b.text)
	}
	return out
}
