package preview

import "container/list"

// recent keeps the values used last, up to a sum of their sizes. It is not
// safe for concurrent use.
type recent[K comparable, V any] struct {
	max   int // bytes
	sum   int
	order *list.List // of *entry, most recent first
	byKey map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
	size  int
}

func newRecent[K comparable, V any](maxBytes int) *recent[K, V] {
	return &recent[K, V]{max: maxBytes, order: list.New(), byKey: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(k K) (V, bool) {
	e, ok := r.byKey[k]
	if !ok {
		var zero V
		return zero, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*entry[K, V]).value, true
}

// peek is get without counting as a use.
func (r *recent[K, V]) peek(k K) (V, bool) {
	if e, ok := r.byKey[k]; ok {
		return e.Value.(*entry[K, V]).value, true
	}
	var zero V
	return zero, false
}

// put keeps a value of so many bytes, and drops those that were not used for
// longest while there is too much. The newest stays however large it is.
func (r *recent[K, V]) put(k K, v V, size int) {
	if e, ok := r.byKey[k]; ok {
		r.drop(e)
	}
	r.byKey[k] = r.order.PushFront(&entry[K, V]{k, v, size})
	r.sum += size
	for r.sum > r.max && r.order.Len() > 1 {
		r.drop(r.order.Back())
	}
}

func (r *recent[K, V]) drop(e *list.Element) {
	old := e.Value.(*entry[K, V])
	delete(r.byKey, old.key)
	r.order.Remove(e)
	r.sum -= old.size
}
