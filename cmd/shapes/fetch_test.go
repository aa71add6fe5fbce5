package main

import (
	"strings"
	"testing"
)

// What is said at the end does not contradict what was said of each file.
func TestIncompleteFetches(t *testing.T) {
	if err := incomplete(0, 3); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		failed, all int
		want        string
		kept        bool
	}{
		{1, 1, "1 file could not be fetched", false},
		{3, 3, "3 files could not be fetched", false},
		{1, 3, "1 file of 3 could not be fetched", true},
	} {
		err := incomplete(c.failed, c.all)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "kept") != c.kept {
			t.Errorf("%d of %d: %v", c.failed, c.all, err)
		}
	}
}
