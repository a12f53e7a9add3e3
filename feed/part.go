package feed

// Part is a part of an item that a feed may leave out.
type Part string

// The parts. What is always there is id, title, link, dates, language and, as
// Content has it, the text; a feed of summaries has these too.
const (
	PartSummary     Part = "summary"
	PartAuthors     Part = "authors"
	PartCategories  Part = "categories"
	PartTags        Part = "tags"
	PartImage       Part = "image"
	PartAttachments Part = "attachments"
	PartSource      Part = "source" // where the article was taken from, and related links
	PartRights      Part = "rights"
	PartComments    Part = "comments"
)

// Parts are all parts, in the order that pages list them.
var Parts = []Part{PartSummary, PartAuthors, PartCategories, PartTags, PartImage, PartAttachments, PartSource, PartRights, PartComments}

// Has says whether an item has something to show for a part.
func (it *Item) Has(p Part) bool {
	switch p {
	case PartSummary:
		return it.Summary != ""
	case PartAuthors:
		return len(it.Authors) > 0
	case PartCategories:
		return len(it.Categories) > 0
	case PartTags:
		return len(it.Tags) > 0
	case PartImage:
		return it.Image != nil
	case PartAttachments:
		return len(it.Attachments) > 0
	case PartSource:
		return it.Source != nil || len(it.Links) > 0
	case PartRights:
		return it.Rights != ""
	case PartComments:
		return it.Comments != ""
	}
	return false
}

// Without leaves a part out. A text that shows a picture itself keeps it.
func (it *Item) Without(p Part) {
	switch p {
	case PartSummary:
		it.Summary = ""
	case PartAuthors:
		it.Authors = nil
	case PartCategories:
		it.Categories = nil
	case PartTags:
		it.Tags = nil
	case PartImage:
		it.Image = nil
	case PartAttachments:
		it.Attachments = nil
	case PartSource:
		it.Source, it.Links = nil, nil
	case PartRights:
		it.Rights = ""
	case PartComments:
		it.Comments = ""
	}
}
