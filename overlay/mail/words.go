package mail

import (
	"time"

	"mediad/overlay"
)

// phrases are what letters say in one language. Holes are names in braces.
type phrases struct {
	inviteSubject, inviteHead, inviteWhy, inviteAct string
	inviteBare, resetBare                           string // where no person made the link
	resetSubject, resetHead, resetAsked, resetMade  string
	resetAct                                        string
	testSubject, testHead, testWhy                  string
	once, unexpected, noButton, from                string
	roles                                           map[overlay.Role]string
	date                                            string // a layout of package time, in UTC
}

func phrasesOf(l overlay.Language) phrases {
	if l == overlay.Chinese {
		return phrases{
			inviteSubject: "邀请您加入 {org}", inviteHead: "邀请您加入 {org}",
			inviteWhy: "{by} 邀请您以“{role}”的角色加入 {org}。", inviteAct: "接受邀请",
			resetSubject: "重设密码", resetHead: "重设密码",
			resetAsked: "有人（应该是您本人）为 {to} 申请重设密码。", resetMade: "{by} 为您生成了重设密码的链接。", resetAct: "设置新密码",
			inviteBare: "您受邀以“{role}”的角色加入 {org}。", resetBare: "请用此链接设置新密码。",
			testSubject: "测试邮件", testHead: "邮件发送正常", testWhy: "此服务器可以发送邀请和重设密码的邮件。",
			once: "链接只能使用一次，有效期至 {until}。", unexpected: "如果与您无关，请忽略此邮件，不会有任何变化。",
			noButton: "如果按钮无法打开，请将此地址复制到浏览器：", from: "由 {site} 自动发送，请勿回复。",
			roles: map[overlay.Role]string{overlay.Owner: "所有者", overlay.Host: "主播", overlay.Assistant: "助播", overlay.Moderator: "场控", overlay.Organiser: "主办方", overlay.Analyst: "数据分析员"},
			date:  "2006年1月2日 15:04（UTC）",
		}
	}
	return phrases{
		inviteSubject: "Invitation to {org}", inviteHead: "You are invited to {org}",
		inviteWhy: "{by} invites you to {org}. Your role: {role}.", inviteAct: "Accept the invitation",
		resetSubject: "Choose a new password", resetHead: "Choose a new password",
		resetAsked: "Somebody, most likely you, has asked for a new password for {to}.", resetMade: "{by} made this link for you. With it you choose a new password.", resetAct: "Choose a new password",
		inviteBare: "You are invited to {org}. Your role: {role}.", resetBare: "With this link you choose a new password.",
		testSubject: "A test message", testHead: "Mail works", testWhy: "This server can send invitations and links for new passwords.",
		once: "The link works once, until {until}.", unexpected: "If you did not expect this, ignore this message: nothing changes.",
		noButton: "If the button does not open, copy this address into your browser:", from: "Sent by {site}. Please do not reply to this address.",
		roles: map[overlay.Role]string{overlay.Owner: "owner", overlay.Host: "host", overlay.Assistant: "assistant", overlay.Moderator: "moderator", overlay.Organiser: "organiser", overlay.Analyst: "analyst"},
		date:  "2 January 2006, 15:04 UTC",
	}
}

func (p phrases) moment(t time.Time) string { return t.UTC().Format(p.date) }
