package body

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table writes a table of more than one cell; the others only set the page.
func (k *walker) table(n *html.Node) {
	cells, filled := k.countCells(n, 0, 0)
	if cells < 2 || filled == 0 || get(n, "role") == "presentation" || k.in("td") || k.in("th") {
		k.apart(n)
		return
	}
	k.enter(&box{tag: "table", attrs: k.direction(n), fresh: true})
	lists := k.lists
	k.lists = nil
	k.tableParts(n)
	k.lists = lists
	k.leave()
}

func (k *walker) tableParts(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Caption:
			if len(k.boxes) > 0 && k.box().tag == "table" && k.lit < len(k.boxes) {
				k.inBox(&box{tag: "caption"}, c)
			}
		case atom.Thead, atom.Tbody, atom.Tfoot:
			k.enter(&box{tag: c.Data})
			k.tableParts(c)
			k.leave()
		case atom.Tr:
			row := &box{tag: "tr", gap: gapLine}
			for _, b := range k.boxes {
				if b.tag == "table" && b.fresh {
					row.gap, b.fresh = gapParagraph, false
				}
			}
			k.enter(row)
			k.row(c)
			k.leave()
		}
	}
}

// row writes all cells of a row, the empty ones too.
func (k *walker) row(n *html.Node) {
	first := true
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		b := &box{tag: c.Data, attrs: k.direction(c), id: k.id(c, false)}
		for _, key := range []string{"colspan", "rowspan"} {
			if v := number(c, key); v != "" && v != "0" && v != "1" && len(v) < 4 {
				b.attrs += attr(key, v)
			}
		}
		if s := get(c, "scope"); s == "row" || s == "col" {
			b.attrs += attr("scope", s)
		}
		if !first {
			b.gap = gapCell
		}
		first = false
		k.enter(b)
		k.light()
		k.children(c)
		k.leave()
	}
}

// countCells counts the cells of a table, and those with text or a picture.
func (k *walker) countCells(n *html.Node, cells, filled int) (int, int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Td, atom.Th:
			cells++
			if k.tokens.speaks(textOf(c, 256)) || holds(c, atom.Img, 0) {
				filled++
			}
		case atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr:
			cells, filled = k.countCells(c, cells, filled)
		}
	}
	return cells, filled
}
