package web

import (
	"net/http"
	"strconv"
	"strings"
)

// phrases are what the pages say around the player, which has its own.
type phrases struct {
	Share, Shown, Embed, EmbedHow, Copy, NoScript    string
	NoRoom, NoRoomMore, NoPage, Trouble, TroubleMore string
	Watch, Chapters, Former, Now                     string
	Recording                                        string // of a date
}

func say(lang string) phrases {
	if lang == "zh" {
		return phrases{
			Share: "分享", Shown: "本场商品", Embed: "嵌入到您的网站", Copy: "复制", Watch: "观看直播",
			EmbedHow: "将以下代码粘贴到网页中即可。", NoScript: "观看直播需要启用 JavaScript。",
			NoRoom: "没有找到这个直播间", NoRoomMore: "请检查链接是否正确，或向分享者确认。", NoPage: "没有找到这个页面",
			Chapters: "讲解片段", Former: "往期直播", Now: "返回直播间", Recording: "%s 直播回放。",
			Trouble: "页面暂时无法打开", TroubleMore: "请稍后重试。",
		}
	}
	return phrases{
		Share: "Share", Shown: "Shown in this stream", Embed: "Put this show on your own page", Copy: "Copy", Watch: "Watch the show",
		EmbedHow: "Paste this where the show is to appear.", NoScript: "Watching needs JavaScript.",
		NoRoom: "There is no such room", NoRoomMore: "Check the link, or ask whoever sent it to you.", NoPage: "There is no such page",
		Chapters: "Chapters", Former: "Former shows", Now: "To the room", Recording: "Recording of the show of %s.",
		Trouble: "This page cannot be shown right now", TroubleMore: "Please try again in a moment.",
	}
}

// language chooses between "en" and "zh": by ?lang=, or else by what the browser prefers (RFC 9110 12.5.4).
func language(r *http.Request) string {
	if wish := r.URL.Query().Get("lang"); wish != "" {
		return supported(wish)
	}
	best, bestQ := "en", 0.0
	for item := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(item), ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if (primary == "en" || primary == "zh") && q > bestQ {
			best, bestQ = primary, q
		}
	}
	return best
}

func supported(tag string) string {
	if primary, _, _ := strings.Cut(strings.ToLower(tag), "-"); primary == "zh" {
		return "zh"
	}
	return "en"
}
