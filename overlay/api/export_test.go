package api

import "mediad/overlay"

// Rights gives the action that each operation of the table asks for.
func Rights() map[string]overlay.Action {
	all := map[string]overlay.Action{}
	for name, r := range rights() {
		all[name] = r.do
	}
	return all
}
