// Asks a feed parser of npm what it understands of a feed, and prints the
// articles as JSON: node read.mjs PARSER URL
import FeedParser from 'feedparser'
import RSSParser from 'rss-parser'
import { Readable } from 'node:stream'
import { parseFeed } from 'feedsmith'

const list = (x) => (x === undefined || x === null ? [] : [x].flat())
const seconds = (date) => Math.floor(new Date(date).getTime() / 1000)

async function body(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return answer.text()
}

const parsers = {
  // rss-parser fetches by itself, with an Accept of its own.
  async 'rss-parser'(url) {
    const feed = await new RSSParser().parseURL(url)
    return feed.items.map((i) => ({
      id: i.guid ?? i.id, title: i.title, link: i.link, published: seconds(i.isoDate),
      authors: list(i.creator ?? i.author), categories: list(i.categories).map((c) => c._ ?? c),
      content: i['content:encoded'] ?? i.content, enclosure: i.enclosure?.url ?? '',
    }))
  },

  async feedsmith(url) {
    const { format, feed } = parseFeed(await body(url))
    const read = {
      rss: (i) => ({
        id: i.guid.value, title: i.title, link: i.link, published: seconds(i.pubDate),
        authors: list(i.dc?.creators), categories: list(i.categories).map((c) => c.name),
        content: i.content?.encoded ?? i.description, enclosure: i.enclosures?.[0]?.url ?? '',
      }),
      atom: (i) => ({
        id: i.id, title: text(i.title), link: i.links.find((l) => l.rel === 'alternate').href, published: seconds(i.published),
        authors: list(i.authors).map((a) => a.name), categories: list(i.categories).map((c) => c.label ?? c.term),
        content: text(i.content), enclosure: i.links.find((l) => l.rel === 'enclosure')?.href ?? '',
      }),
      json: (i) => ({
        id: i.id, title: i.title, link: i.url, published: seconds(i.date_published),
        authors: list(i.authors).map((a) => a.name), categories: list(i.tags),
        content: i.content_html ?? i.content_text, enclosure: i.attachments?.[0]?.url ?? '',
      }),
    }[format]
    return list(feed.items ?? feed.entries).map(read)
  },

  feedparser(url) {
    return new Promise(async (resolve, reject) => {
      const parser = new FeedParser({ feedurl: url })
      const out = []
      parser.on('error', reject)
      parser.on('data', (i) => out.push({
        id: i.guid, title: i.title, link: i.link, published: seconds(i.pubdate),
        authors: list(i['dc:creator'] ?? i['atom:author']).map((a) => a['#'] ?? a.name['#']),
        categories: i.categories, content: i.description, enclosure: i.enclosures[0]?.url ?? '',
      }))
      parser.on('end', () => resolve(out))
      Readable.from([Buffer.from(await body(url))]).pipe(parser)
    })
  },
}

// text is a text construct of Atom, which feedsmith gives as it is written.
function text(x) {
  return typeof x === 'object' ? x.value : x
}

const [, , name, url] = process.argv
console.log(JSON.stringify(await parsers[name](url)))
