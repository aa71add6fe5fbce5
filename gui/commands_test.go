package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/mapview"
)

// desk is a window on a tree in memory.
type desk struct {
	*Window
	t   *testing.T
	mem *memTree
}

func newDesk(t *testing.T, mem *memTree) *desk {
	t.Helper()
	d := &desk{Window: newTestWindow(t, &fakeEngine{memTree: mem, built: true}), t: t, mem: mem}
	d.Resize(fyne.NewSize(1100, 700))
	return d
}

// choose goes to the node of a path and chooses it.
func (d *desk) choose(path string) {
	d.t.Helper()
	n := d.mem.at(path)
	if n.ID == "" {
		d.t.Fatalf("no node %q", path)
	}
	d.goTo(n.ID)
	if now, _ := d.panel.tree.Current(); now.ID != n.ID {
		d.t.Fatalf("%q is not chosen", path)
	}
}

// run runs an item of the main menu.
func (d *desk) run(label string) {
	d.t.Helper()
	menuItem(d.t, d.MainMenu(), label).Action()
}

// press presses the button of the open dialog.
func (d *desk) press(word string) {
	d.t.Helper()
	top := d.Canvas().Overlays().Top()
	if top == nil {
		d.t.Fatalf("no dialog to press %q in", word)
	}
	for _, o := range test.LaidOutObjects(top) {
		if b, ok := o.(*kit.Button); ok && b.Text == word && b.Visible() {
			b.OnTapped()
			return
		}
	}
	d.t.Fatalf("no button %q", word)
}

func (d *desk) names(parent string) string {
	var names []string
	id := tree.Root
	switch {
	case parent == "trash":
		id = tree.Trash
	case parent != "":
		id = d.mem.at(parent).ID
	}
	for _, n := range d.mem.list(id) {
		names = append(names, n.Name)
	}
	return strings.Join(names, ",")
}

func world() *memTree { return newMemTree().grow("Europe/Italy", "Europe/France", "Asia/", "World") }

func TestNewFolderIsNamedInPlace(t *testing.T) {
	d := newDesk(t, world())
	d.choose("Europe/Italy")
	d.commands.NewFolder()
	if got := d.names("Europe"); got != "New folder,France,Italy" {
		t.Fatalf("Europe holds %s", got)
	}
	entry, ok := d.Canvas().Focused().(interface{ SetText(string) })
	if !ok {
		t.Fatalf("focused: %T", d.Canvas().Focused())
	}
	entry.SetText("North")
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := d.names("Europe"); got != "North,France,Italy" {
		t.Errorf("Europe holds %s", got)
	}
	if n, _ := d.panel.tree.Current(); n.Name != "North" || d.pages.front != d.folder.content {
		t.Errorf("chosen %q", n.Name)
	}
	d.commands.NewFolder()
	d.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if got := d.names("Europe/North"); got != "New folder" {
		t.Errorf("North holds %s", got)
	}
}

func TestNewShapeOpensTheForm(t *testing.T) {
	d := newDesk(t, world())
	d.choose("Asia")
	d.run("New shape")
	if n := d.mem.at("Asia/New shape"); !n.New || !strings.Contains(dialogText(d.Window), "New shape") {
		t.Fatalf("no form: %q", dialogText(d.Window))
	}
	d.Canvas().Overlays().Top().Hide()
	d.Canvas().Overlays().Remove(d.Canvas().Overlays().Top())
	d.choose("Asia/New shape")
	before := slices.Index(d.mem.calls, "Edit")
	d.openChosen() // a draft opens where it was left
	if before >= 0 || !slices.Contains(d.mem.calls, "Edit") {
		t.Error("a draft does not open its form")
	}
}

func TestDraftsAreNotRunAndNotDeletedUnasked(t *testing.T) {
	m := world()
	m.draftOf("Asia/", "Idea")
	d := newDesk(t, m)
	d.choose("Asia/Idea")
	d.commands.Run()
	if !strings.Contains(d.said.Text, "draft") || slices.Contains(d.mem.calls, "Start") {
		t.Errorf("a draft runs: %q", d.said.Text)
	}
	d.commands.Delete()
	if !strings.Contains(dialogText(d.Window), "lost") {
		t.Errorf("asked %q", dialogText(d.Window))
	}
	d.press("Discard")
	if got := d.names("Asia"); got != "" {
		t.Errorf("Asia holds %s", got)
	}
}

func TestDeleteUndoRedo(t *testing.T) {
	d := newDesk(t, world())
	d.choose("Europe/Italy")
	d.panel.tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if d.names("Europe") != "France" || d.names("trash") != "Italy" || !strings.Contains(d.said.Text, "trash") {
		t.Fatalf("Europe %s, trash %s, said %q", d.names("Europe"), d.names("trash"), d.said.Text)
	}
	if n, ok := d.panel.tree.Current(); !ok || n.Name != "France" {
		t.Errorf("after a delete %q is chosen", n.Name)
	}
	undo := menuItem(t, d.MainMenu(), "Undo")
	if undo.Label != "Undo delete" || undo.Disabled || d.panel.undo.Disabled() {
		t.Errorf("undo is called %q, disabled %v", undo.Label, undo.Disabled)
	}
	undo.Action()
	if d.names("Europe") != "France,Italy" || !strings.Contains(d.said.Text, "Undone: delete") {
		t.Errorf("after undo: %s; %q", d.names("Europe"), d.said.Text)
	}
	if redo := menuItem(t, d.MainMenu(), "Redo"); redo.Label != "Redo delete" || redo.Disabled {
		t.Errorf("redo is called %q", redo.Label)
	}
	d.run("Redo")
	if d.names("Europe") != "France" {
		t.Errorf("after redo: %s", d.names("Europe"))
	}
	if !menuItem(t, d.MainMenu(), "Redo").Disabled {
		t.Error("redo is offered with nothing to redo")
	}
}

func TestCutCopyPasteDuplicate(t *testing.T) {
	d := newDesk(t, world())
	d.choose("Europe/Italy")
	d.run("Copy")
	d.choose("Asia")
	d.run("Paste")
	d.choose("Asia")
	d.run("Paste")
	if got := d.names("Asia"); got != "Italy,Italy (2)" {
		t.Errorf("Asia holds %s", got)
	}
	d.choose("World")
	d.run("Cut")
	d.choose("Asia")
	d.run("Paste")
	if d.names("Asia") != "Italy,Italy (2),World" || d.names("") != "Asia,Europe" {
		t.Errorf("Asia holds %s, the top %s", d.names("Asia"), d.names(""))
	}
	d.run("Paste")
	if !strings.Contains(d.said.Text, "Nothing was cut") {
		t.Errorf("what was cut is pasted twice: %q", d.said.Text)
	}
	d.choose("Europe")
	d.run("Duplicate")
	if d.names("") != "Asia,Europe,Europe (2)" || d.names("Europe (2)") != "France,Italy" {
		t.Errorf("the top holds %s", d.names(""))
	}
	if n, _ := d.panel.tree.Current(); n.Name != "Europe (2)" {
		t.Errorf("%q is chosen, not the copy", n.Name)
	}
}

// While text has the focus, the menu's shortcuts are the text's.
func TestShortcutsGoToTextThatHasTheFocus(t *testing.T) {
	d := newDesk(t, world())
	d.choose("World")
	d.run("Find")
	field := d.panel.finder.Field
	if d.Canvas().Focused() != field {
		t.Fatalf("focused: %T", d.Canvas().Focused())
	}
	field.SetText("abc")
	d.run("Choose all")
	d.run("Cut")
	if field.Text != "" || d.App().Clipboard().Content() != "abc" || len(d.commands.clip.nodes) != 0 {
		t.Errorf("the field holds %q, the clipboard %q", field.Text, d.App().Clipboard().Content())
	}
	d.run("Paste")
	if field.Text != "abc" {
		t.Errorf("pasted %q", field.Text)
	}
}

func (d *desk) App() fyne.App { return d.opt.App }

// Menu shortcuts reach through an open dialog; commands do not.
func TestCommandsWaitForDialogs(t *testing.T) {
	d := newDesk(t, world())
	d.showAbout()
	d.mem.calls = nil
	for _, label := range []string{"New shape", "New folder", "Duplicate", "Build tiles", "Sessions", "Find", "Undo"} {
		d.run(label)
	}
	if len(d.mem.calls) != 0 {
		t.Errorf("called %v", d.mem.calls)
	}
}

func TestRefusals(t *testing.T) {
	d := newDesk(t, newMemTree().grow("Europe/Italy", "Italy", "Europe/North/"))
	italy, europe, north := d.mem.at("Italy"), d.mem.at("Europe"), d.mem.at("Europe/North")
	for _, tt := range []struct {
		name string
		run  func()
		want []string
	}{
		{"taken", func() { d.commands.move([]string{italy.ID}, europe.ID) }, []string{"taken", "Rename the one"}},
		{"into itself", func() { d.choose("Europe"); d.commands.move([]string{europe.ID}, north.ID) }, []string{"into itself", "not below"}},
		{"unknown", func() { d.goTo("gone") }, []string{"no such node", "read again"}},
	} {
		tt.run()
		text := dialogText(d.Window)
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the dialog says %q, not %q", tt.name, text, want)
			}
		}
		d.press("Close")
	}
}

func TestARunningSessionCanBeStoppedFromTheRefusal(t *testing.T) {
	d := newDesk(t, world())
	d.choose("Europe/Italy")
	d.run("Build tiles")
	if n := d.mem.at("Europe/Italy"); n.Session != session.Running {
		t.Fatalf("session %q", n.Session)
	}
	d.choose("Europe")
	d.commands.Delete()
	if !strings.Contains(dialogText(d.Window), "Italy") {
		t.Fatalf("the dialog says %q", dialogText(d.Window))
	}
	d.press("Stop the session")
	if n := d.mem.at("Europe/Italy"); n.Session != "" || !slices.Contains(d.mem.calls, "Cancel s-"+n.ID) {
		t.Errorf("it runs on; calls %v", d.mem.calls)
	}
	d.choose("Europe")
	d.commands.Delete()
	if d.names("trash") != "Europe" {
		t.Errorf("trash %s", d.names("trash"))
	}
}

func TestSearchGoesThere(t *testing.T) {
	d := newDesk(t, world())
	d.run("Find")
	field := d.panel.finder.Field
	test.Type(field, "ital")
	if d.panel.tree.Visible() || !d.panel.finder.Hits.Visible() {
		t.Fatal("the hits are not shown")
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if n, _ := d.panel.tree.Current(); n.Name != "Italy" || !d.panel.tree.Visible() || field.Text != "" {
		t.Errorf("chosen %q", n.Name)
	}
	if d.Canvas().Focused() != d.panel.tree {
		t.Errorf("focused: %T", d.Canvas().Focused())
	}
	d.run("Find")
	test.Type(field, "zz")
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !d.panel.tree.Visible() || d.Canvas().Focused() != d.panel.tree {
		t.Error("Escape does not leave the search")
	}
}

func TestTrash(t *testing.T) {
	d := newDesk(t, world())
	d.choose("Europe/Italy")
	d.commands.Delete()
	d.choose("World")
	d.commands.Delete()
	d.panel.tree.Choose(tree.Trash)
	if d.pages.front != d.trash.content || len(d.trash.nodes) != 2 {
		t.Fatalf("the trash shows %d nodes", len(d.trash.nodes))
	}
	d.trash.list.Choose(0)
	d.trash.key(fyne.KeyReturn)
	if d.names("") != "Asia,Europe,Italy" || len(d.trash.nodes) != 1 || !strings.Contains(d.said.Text, "Restored “Italy” to the top") {
		t.Errorf("the top holds %s, the trash %d; said %q", d.names(""), len(d.trash.nodes), d.said.Text)
	}
	d.trash.askEmpty()
	if text := dialogText(d.Window); !strings.Contains(text, "“World”") || !strings.Contains(text, "cannot be undone") {
		t.Errorf("asked %q", text)
	}
	d.press("Keep")
	if d.names("trash") != "World" {
		t.Error("emptied without a yes")
	}
	d.trash.askEmpty()
	d.press("Empty trash")
	if d.names("trash") != "" || !strings.Contains(d.trash.note.Text, "empty") {
		t.Errorf("trash %s, note %q", d.names("trash"), d.trash.note.Text)
	}
	d.trash.askEmpty()
	if d.Canvas().Overlays().Top() != nil {
		t.Error("asks to empty an empty trash")
	}
}

func TestDropOnTrashDeletes(t *testing.T) {
	d := newDesk(t, world())
	d.choose("World")
	d.panel.tree.OnMove([]string{d.mem.at("World").ID}, tree.Trash)
	if d.names("trash") != "World" {
		t.Errorf("trash %s", d.names("trash"))
	}
}

func TestRecoveryAsksOnce(t *testing.T) {
	m := world()
	italy, france := m.at("Europe/Italy"), m.at("Europe/France")
	world := engine.Session{Session: session.Session{ID: "s1", Node: m.at("World").ID, Progress: session.Progress{Overall: 42.7}}, NodeName: "World"}
	m.recovery = engine.Recovery{
		Drafts: []engine.Node{italy, france}, Sessions: []engine.Session{world},
		Damaged: []string{"core.db was damaged; the backup of yesterday is used, the damaged file is kept."},
	}
	d := newDesk(t, m)
	text := dialogText(d.Window)
	for _, want := range []string{"core.db", "Italy", "France", "World, 42 % done", "drafts", "paused"} {
		if !strings.Contains(text, want) {
			t.Errorf("the dialog says %q, not %q", text, want)
		}
	}
	if slices.Contains(m.calls, "Resume s1") {
		t.Error("a session was resumed unasked")
	}
	d.press("Discard") // of Italy
	if slices.Contains(m.calls, "Discard") {
		t.Error("discarded at the first press")
	}
	d.press("Really discard")
	d.press("Keep") // of France
	d.press("Resume")
	for _, call := range []string{"Discard", "KeepDraft", "Resume s1"} {
		if !slices.Contains(m.calls, call) {
			t.Errorf("%s was not called", call)
		}
	}
	if d.Canvas().Overlays().Top() != nil {
		t.Error("the dialog stays though all is answered")
	}
}

func TestRecoveryContinuesADraft(t *testing.T) {
	m := world()
	m.recovery.Drafts = []engine.Node{m.at("World")}
	d := newDesk(t, m)
	d.press("Continue")
	if !slices.Contains(m.calls, "Edit") || !strings.Contains(dialogText(d.Window), "World") {
		t.Errorf("no form: %q", dialogText(d.Window))
	}
}

func TestNothingToRecoverAsksNothing(t *testing.T) {
	if d := newDesk(t, world()); d.Canvas().Overlays().Top() != nil {
		t.Errorf("asked %q", dialogText(d.Window))
	}
}

func TestPagesFollowTheChoice(t *testing.T) {
	d := newDesk(t, world())
	d.choose("Europe")
	if d.pages.front != d.folder.content || d.folder.title.Text != "Europe" || d.folder.note.Text != "Holds 2 nodes" {
		t.Errorf("folder page: %q, %q", d.folder.title.Text, d.folder.note.Text)
	}
	d.Canvas().Unfocus()
	d.typedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if d.Canvas().Focused() != d.panel.tree {
		t.Error("a key that nobody gets does not lead to the tree")
	}
	d.choose("World")
	if d.pages.front != d.page.Content {
		t.Error("a shape does not show its page")
	}
	d.panel.tree.ChooseAll()
	if d.pages.front != d.folder.content || !strings.Contains(d.folder.title.Text, "chosen") || d.folder.shape.Visible() {
		t.Errorf("many: %q", d.folder.title.Text)
	}
	empty := newDesk(t, newMemTree())
	if empty.pages.front != empty.folder.content || !empty.folder.shape.Visible() || empty.folder.delete.Visible() {
		t.Error("an empty tree does not lead to a new shape")
	}
}

func TestSessionsPage(t *testing.T) {
	d := newDesk(t, world())
	d.choose("World")
	d.commands.Run()
	d.toggleSessions()
	d.changed() // news of the tree leave the page in front
	if d.monitor == nil || d.pages.front != d.monitor.Content || !d.monitor.Content.Visible() || d.page.Content.Visible() {
		t.Fatal("the page is not shown")
	}
	first := d.monitor
	d.Canvas().Unfocus()
	d.typedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if d.pages.front != d.monitor.Content {
		t.Error("a key without focus leaves the page")
	}
	d.toggleSessions()
	if d.pages.front != d.page.Content || d.Canvas().Focused() != d.panel.tree {
		t.Error("it does not go back")
	}
	d.openSessions("s-" + d.mem.at("World").ID)
	if d.where.Text != "" {
		t.Errorf("the status bar says of a map that is not shown: %q", d.where.Text)
	}
	d.mapMoved(mapview.Status{})
	if d.where.Text != "" {
		t.Errorf("a map that is not shown says %q", d.where.Text)
	}
	if d.monitor != first {
		t.Error("it is made again")
	}
	d.choose("Europe")
	if d.pages.front != d.folder.content {
		t.Error("a choice in the tree does not leave the page")
	}
}

func TestProgressReachesTheTree(t *testing.T) {
	d := newDesk(t, world())
	d.choose("World")
	d.commands.Run()
	id := d.mem.at("World").ID
	s := engine.Session{Session: session.Session{ID: "s-" + id, Node: id, Status: session.Running, Progress: session.Progress{Overall: 37.9}}}
	d.mem.tell(s)
	if !slices.Contains(rowTexts(d.Window), "37 %") {
		t.Errorf("rows say %v", rowTexts(d.Window))
	}
	if err := d.mem.Cancel(t.Context(), s.ID, ""); err != nil {
		t.Fatal(err)
	}
	s.Status = session.Cancelled
	d.mem.tell(s)
	if slices.Contains(rowTexts(d.Window), "37 %") {
		t.Error("an ended session still shows its progress")
	}
}

// rowTexts are the words that can be seen in the tree.
func rowTexts(w *Window) (texts []string) {
	for _, o := range test.LaidOutObjects(w.panel.tree) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			texts = append(texts, l.Text)
		}
	}
	return texts
}

func TestExportAndImport(t *testing.T) {
	d := newDesk(t, world())
	d.choose("World")
	d.run("Export")
	if text := dialogText(d.Window); !strings.Contains(text, "Export “World”") {
		t.Errorf("asked %q", text)
	}
	d.press("Export")
	last := d.mem.calls[len(d.mem.calls)-1]
	if !slices.ContainsFunc(d.mem.calls, func(c string) bool {
		return strings.HasPrefix(c, "export ["+d.mem.at("World").ID) && strings.HasSuffix(c, "World.zip true")
	}) {
		t.Errorf("calls %v, last %s", d.mem.calls, last)
	}
	d.choose("Asia")
	d.commands.importFile("/x/set.zip", d.mem.at("Asia").ID, engine.Skip)
	if !slices.Contains(d.mem.calls, "import /x/set.zip skip") || !strings.Contains(d.said.Text, "Imported 1 node") {
		t.Errorf("said %q", d.said.Text)
	}
	if n, _ := d.panel.tree.Current(); n.Name != "Imported" {
		t.Errorf("chosen %q", n.Name)
	}
}

func TestContextMenuOffersWhatCanBe(t *testing.T) {
	d := newDesk(t, world())
	able := func(label string) bool {
		for _, i := range d.contextMenu().Items {
			if strings.HasPrefix(i.Label, label) {
				return !i.Disabled
			}
		}
		t.Fatalf("no item %q", label)
		return false
	}
	d.choose("Europe")
	if able("Build tiles") || able("Edit") || able("Paste") || !able("Export") || !able("Delete") {
		t.Error("wrong for a folder")
	}
	d.choose("World")
	if !able("Build tiles") || !able("Edit") {
		t.Error("wrong for a shape")
	}
	d.commands.Run()
	if able("Build tiles") || !able("Stop the session") {
		t.Error("wrong for a shape that runs")
	}
	d.panel.tree.Choose(tree.Trash)
	if items := d.contextMenu().Items; len(items) != 2 {
		t.Errorf("the trash offers %d", len(items))
	}
}
