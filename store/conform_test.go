package store_test

import (
	"testing"

	"feedwright/article"
	"feedwright/store"
	"feedwright/store/storetest"
)

func TestSQLiteConforms(t *testing.T) {
	storetest.Run(t, func(t testing.TB, dir string) article.Store {
		s, err := store.Open(t.Context(), options(dir))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
