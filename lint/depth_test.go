package lint

import (
	"fmt"
	"strings"
	"testing"
)

func TestElementsTooDeepToBeRememberedAreNotTakenForUnclosed(t *testing.T) {
	for _, n := range []int{100, maxHTMLDepth, 3 * maxHTMLDepth} {
		deep := strings.Repeat("<ul><li>", n) + "x" + strings.Repeat("</li></ul>", n)
		doc := fmt.Sprintf(`<rss version="2.0"><channel><title>x</title><link>https://example.org/</link><description>x</description>
<item><guid isPermaLink="false">urn:x-test:1</guid><description><![CDATA[%s]]></description></item></channel></rss>`, deep)
		_, list, err := Check(t.Context(), []byte(doc), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if strings.HasPrefix(f.Rule, "html/") {
				t.Errorf("%d deep: %s: %s", n, f.Rule, f.Message)
			}
		}
	}
}
