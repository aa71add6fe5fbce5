package entity

import (
	"errors"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Compact writes core.db and ephemeral.db anew if they are mostly free pages,
// and returns how many bytes that has freed. Transactions wait meanwhile: it is
// for when nothing runs, and Close does it too.
func (m *Manager) Compact() (freed int64, err error) {
	m.upkeep.Lock()
	defer m.upkeep.Unlock()
	return m.compact()
}

func (m *Manager) compact() (freed int64, err error) {
	var errs []error
	for _, db := range []*kv.DB{m.core, m.eph} {
		n, err := compactOne(db)
		freed, errs = freed+n, append(errs, err)
	}
	return freed, errors.Join(errs...)
}

func compactOne(db *kv.DB) (freed int64, err error) {
	before, err := db.Stats()
	if errors.Is(err, kv.ErrClosed) {
		return 0, nil
	}
	if err != nil || !before.MostlyFree() {
		return 0, err
	}
	if err := db.Compact(); err != nil {
		return 0, err
	}
	after, err := db.Stats()
	return max(0, before.File-after.File), err
}
