package treeview

// choose makes id the one chosen row. Notes cannot be chosen.
func (m *model) choose(id string) {
	if !m.choosable(id) {
		return
	}
	clear(m.chosen)
	m.chosen[id] = true
	m.current, m.anchor = id, id
}

// toggle adds id to the chosen rows, or takes it away.
func (m *model) toggle(id string) {
	if !m.choosable(id) {
		return
	}
	if m.chosen[id] {
		delete(m.chosen, id)
	} else {
		m.chosen[id] = true
	}
	m.current, m.anchor = id, id
}

// extend chooses all rows between where the choice began and id.
func (m *model) extend(id string) {
	from, known := m.at[m.anchor]
	if !known || !m.choosable(id) {
		m.choose(id)
		return
	}
	to := m.at[id]
	clear(m.chosen)
	for i := min(from, to); i <= max(from, to); i++ {
		if m.rows[i].kind == nodeRow {
			m.chosen[m.rows[i].id] = true
		}
	}
	m.chosen[id] = true
	m.current = id
}

// chooseAll chooses every row of a node that can be seen.
func (m *model) chooseAll() {
	clear(m.chosen)
	for _, r := range m.rows {
		if r.kind == nodeRow {
			m.chosen[r.id] = true
		}
	}
}

func (m *model) choosable(id string) bool {
	i, known := m.at[id]
	return known && m.rows[i].kind != noteRow
}

// step returns the row that lies by rows after the current one, held at the
// ends; notes are passed over.
func (m *model) step(by int) string {
	i, known := m.at[m.current]
	if !known {
		i = 0
		by = 0
	}
	i = min(max(i+by, 0), len(m.rows)-1)
	way := 1
	if by < 0 || i == len(m.rows)-1 {
		way = -1
	}
	for j := i; j >= 0 && j < len(m.rows); j += way {
		if m.rows[j].kind != noteRow {
			return m.rows[j].id
		}
	}
	for j := i; j >= 0 && j < len(m.rows); j -= way {
		if m.rows[j].kind != noteRow {
			return m.rows[j].id
		}
	}
	return m.current
}

// keep mends the choice after rows have gone: what is left stays chosen; if
// nothing is, the row that now stands where the current one stood is, or the
// one above it where that one is further out.
func (m *model) keep(wasAt, wasDepth int) (changed bool) {
	for id := range m.chosen {
		if _, seen := m.at[id]; !seen {
			delete(m.chosen, id)
			changed = true
		}
	}
	if len(m.chosen) > 0 {
		if !m.chosen[m.current] {
			m.current = m.firstChosen()
			m.anchor = m.current
		}
		return changed
	}
	if m.current == "" && len(m.nodes) == 0 {
		return changed
	}
	m.current = ""
	if wasAt > 0 && wasAt < len(m.rows) && (m.rows[wasAt].depth < wasDepth || m.rows[wasAt].kind == trashRow) {
		wasAt--
	}
	for i := min(max(wasAt, 0), len(m.rows)-1); i >= 0; i-- {
		if m.rows[i].kind == nodeRow {
			m.choose(m.rows[i].id)
			return true
		}
	}
	return true
}

func (m *model) firstChosen() string {
	for _, r := range m.rows {
		if m.chosen[r.id] {
			return r.id
		}
	}
	return ""
}

// ChooseAll chooses every row that can be seen.
func (t *Tree) ChooseAll() {
	t.model.chooseAll()
	t.chosenChanged(false)
}
