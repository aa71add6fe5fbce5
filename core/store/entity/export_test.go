package entity

import "github.com/shapes-desktop/shapes/core/store/kv"

// AtBoundary has fn called before and after each transaction and deletion of a
// file that the manager makes by itself.
func (m *Manager) AtBoundary(fn func()) { m.atBoundary = fn }

// Pending counts the triggers that are not finished.
func (m *Manager) Pending() (n int, err error) {
	err = m.eph.View(func(tx *kv.Tx) (err error) { n, err = intents().Count(tx, nil); return err })
	return n, err
}
