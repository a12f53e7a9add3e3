package feed

// AppleCategory is one of Apple's podcast categories with its subcategories.
type AppleCategory struct {
	Name string
	Subs []string
}

// PodcastCategories are the categories that Apple takes, as Podcasters' help
// ("Apple Podcasts categories") lists them.
func PodcastCategories() []AppleCategory {
	return []AppleCategory{
		{"Arts", []string{"Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"}},
		{"Business", []string{"Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"}},
		{"Comedy", []string{"Comedy Interviews", "Improv", "Stand-Up"}},
		{"Education", []string{"Courses", "How To", "Language Learning", "Self-Improvement"}},
		{"Fiction", []string{"Comedy Fiction", "Drama", "Science Fiction"}},
		{"Government", nil},
		{"Health & Fitness", []string{"Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"}},
		{"History", nil},
		{"Kids & Family", []string{"Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"}},
		{"Leisure", []string{"Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"}},
		{"Music", []string{"Music Commentary", "Music History", "Music Interviews"}},
		{"News", []string{"Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"}},
		{"Religion & Spirituality", []string{"Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"}},
		{"Science", []string{"Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature", "Physics", "Social Sciences"}},
		{"Society & Culture", []string{"Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"}},
		{"Sports", []string{"Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"}},
		{"TV & Film", []string{"After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"}},
		{"Technology", nil},
		{"True Crime", nil},
	}
}
