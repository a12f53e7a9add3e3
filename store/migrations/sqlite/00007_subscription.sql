-- +goose Up
-- Who is sent which feed by the hub. They are no part of the ledger: who lost
-- them subscribes again.
CREATE TABLE subscription (
    topic     TEXT    NOT NULL,
    callback  TEXT    NOT NULL,
    asked     TEXT    NOT NULL, -- the topic as the subscriber spells it
    secret    TEXT    NOT NULL,
    expires   INTEGER NOT NULL,
    delivered TEXT    NOT NULL, -- the state of the topic that the subscriber has
    tries     INTEGER NOT NULL, -- deliveries that failed since
    next      INTEGER NOT NULL, -- when it is tried again, 0 at once
    PRIMARY KEY (topic, callback)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE subscription;
