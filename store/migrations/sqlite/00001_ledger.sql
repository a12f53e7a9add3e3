-- +goose Up
-- Instants are Unix milliseconds, 0 for none. Hashes of 64 bits are stored as
-- signed integers.

-- What the store knows of itself: site id, last instant, last edition.
CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row an article, for ever.
CREATE TABLE article (
  number         INTEGER NOT NULL PRIMARY KEY,
  uri            TEXT    NOT NULL UNIQUE,
  uri_from       TEXT    NOT NULL,
  path           TEXT    NOT NULL,
  part           TEXT    NOT NULL,
  state          INTEGER NOT NULL, -- article.State
  slug           TEXT    NOT NULL, -- '' until it has appeared
  wish           TEXT    NOT NULL, -- the slug it would like
  first_seen     INTEGER NOT NULL,
  published      INTEGER NOT NULL,
  published_from TEXT    NOT NULL,
  published_as   TEXT    NOT NULL, -- the date as its file wrote it
  updated        INTEGER NOT NULL,
  updated_as     TEXT    NOT NULL,
  due            INTEGER NOT NULL,
  expires        INTEGER NOT NULL,
  withdrawn      INTEGER NOT NULL, -- when its file went; 0 also for articles read from the ledger's copy and not met yet
  appeared       INTEGER NOT NULL,
  revision       INTEGER NOT NULL, -- 0: known from the ledger's copy only
  content        BLOB    NOT NULL, -- hash of the newest revision
  same           BLOB    NOT NULL, -- hash of title, text and media; '' if there is nothing to know it by
  title          TEXT    NOT NULL,
  title_key      INTEGER NOT NULL, -- hash of the folded title, 0 for none
  print          INTEGER NOT NULL, -- fingerprint of the words
  words          INTEGER NOT NULL,
  terms          BLOB    NOT NULL, -- spelling numbers, ascending, 4 bytes each
  feeds          TEXT    NOT NULL, -- JSON list
  no_feed        INTEGER NOT NULL,
  has            INTEGER NOT NULL,
  edges          BLOB    NOT NULL, -- paragraph hashes, 8 bytes each
  drops          BLOB    NOT NULL, -- those of them that are learnt boilerplate
  shown          BLOB    NOT NULL  -- hash of everything that readers see
) STRICT;
CREATE INDEX article_path      ON article (path);
CREATE INDEX article_published ON article (published, number);
CREATE INDEX article_pending   ON article (published, uri) WHERE state = 0 AND appeared = 0;
CREATE INDEX article_expires   ON article (expires) WHERE expires <> 0;
CREATE INDEX article_withdrawn ON article (withdrawn) WHERE state = 2;
CREATE INDEX article_same      ON article (same) WHERE state = 2;
CREATE INDEX article_title     ON article (title_key, state);
CREATE INDEX article_wish      ON article (wish) WHERE state = 2;

-- Every state of an article's content; only raw is ever pruned.
CREATE TABLE revision (
  number  INTEGER NOT NULL PRIMARY KEY,
  article INTEGER NOT NULL REFERENCES article (number),
  hash    BLOB    NOT NULL,
  at      INTEGER NOT NULL,
  markup  TEXT    NOT NULL,
  fields  TEXT    NOT NULL, -- JSON of article.Fields
  media   TEXT    NOT NULL, -- JSON of []article.Media
  trace   TEXT    NOT NULL, -- JSON of []article.Note
  raw     BLOB              -- body, compressed; NULL once pruned
) STRICT;
CREATE INDEX revision_article ON revision (article, number);

-- What readers were shown until a change, for an hour: an edition that is being
-- replaced still renders what its ETags promise.
CREATE TABLE face (
  article   INTEGER NOT NULL,
  shown     BLOB    NOT NULL,
  at        INTEGER NOT NULL, -- when it was superseded
  revision  INTEGER NOT NULL,
  uri       TEXT    NOT NULL,
  path      TEXT    NOT NULL,
  slug      TEXT    NOT NULL,
  published INTEGER NOT NULL,
  updated   INTEGER NOT NULL,
  drops     BLOB    NOT NULL,
  PRIMARY KEY (article, shown)
) STRICT, WITHOUT ROWID;

CREATE TABLE file (
  path  TEXT    NOT NULL PRIMARY KEY,
  size  INTEGER NOT NULL,
  mtime INTEGER NOT NULL, -- Unix nanoseconds
  inode INTEGER NOT NULL,
  hash  BLOB    NOT NULL,
  fault TEXT    NOT NULL  -- JSON of article.Fault, '' if the file is fine
) STRICT, WITHOUT ROWID;

-- Every path an article ever had.
CREATE TABLE trail (
  path    TEXT    NOT NULL,
  article INTEGER NOT NULL REFERENCES article (number),
  PRIMARY KEY (path, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX trail_article ON trail (article);

-- Every public slug ever given, and where counting went on for taken ones.
CREATE TABLE slug (
  slug    TEXT    NOT NULL PRIMARY KEY,
  article INTEGER NOT NULL REFERENCES article (number)
) STRICT, WITHOUT ROWID;
CREATE INDEX slug_article ON slug (article);
CREATE TABLE slug_stem (
  stem TEXT    NOT NULL PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE spelling (
  number INTEGER NOT NULL PRIMARY KEY,
  kind   TEXT    NOT NULL,
  folded TEXT    NOT NULL,
  name   TEXT    NOT NULL,
  slug   TEXT    NOT NULL,
  UNIQUE (kind, folded),
  UNIQUE (kind, slug)
) STRICT;

CREATE TABLE article_media (
  path    TEXT    NOT NULL,
  article INTEGER NOT NULL,
  facts   TEXT    NOT NULL, -- JSON of article.Media
  PRIMARY KEY (path, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_media_article ON article_media (article);

-- Fingerprint bands, of withdrawn articles only: renames are looked for there.
CREATE TABLE band (
  bits    INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (bits, article)
) STRICT, WITHOUT ROWID;

-- Folders and how many articles lie in them; edge paragraphs; what was learnt.
CREATE TABLE folder (
  number INTEGER NOT NULL PRIMARY KEY,
  path   TEXT    NOT NULL UNIQUE,
  files  INTEGER NOT NULL
) STRICT;
CREATE TABLE edge (
  folder  INTEGER NOT NULL,
  hash    INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (folder, hash, article)
) STRICT, WITHOUT ROWID;
CREATE TABLE paragraph (
  folder INTEGER NOT NULL,
  hash   INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  text   TEXT    NOT NULL,
  PRIMARY KEY (folder, hash)
) STRICT, WITHOUT ROWID;

-- What happened, in order: the ledger's copy is brought up to date from it.
CREATE TABLE change (
  sequence INTEGER NOT NULL PRIMARY KEY,
  at       INTEGER NOT NULL,
  what     TEXT    NOT NULL, -- article, spelling or paragraph
  number   INTEGER NOT NULL
) STRICT;

CREATE TABLE document (
  address       TEXT    NOT NULL PRIMARY KEY,
  etag          TEXT    NOT NULL,
  last_modified INTEGER NOT NULL,
  high_water    INTEGER NOT NULL,
  asked         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE document;
DROP TABLE change;
DROP TABLE paragraph;
DROP TABLE edge;
DROP TABLE folder;
DROP TABLE band;
DROP TABLE article_media;
DROP TABLE spelling;
DROP TABLE slug_stem;
DROP TABLE slug;
DROP TABLE trail;
DROP TABLE file;
DROP TABLE face;
DROP TABLE revision;
DROP TABLE article;
DROP TABLE meta;
