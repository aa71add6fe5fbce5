package entity

// AtBoundary has fn called before and after each transaction and deletion of a
// file that the manager makes by itself.
func (m *Manager) AtBoundary(fn func()) { m.atBoundary = fn }
