package mail

import "mediad/overlay"

// reminderPhrases are what letters of reminders say in one language.
type reminderPhrases struct {
	askSubject, askHead, askWhy, at, askAct, askThen, unasked string
	onSubject, onHead, onWhy, onAct                           string
	soonSubject, soonHead                                     string
	movedSubject, movedHead, movedWhy, movedAct               string
	offSubject, offHead, offWhy                               string
	then, leave                                               string
}

func remindersIn(l overlay.Language) reminderPhrases {
	if l == overlay.Chinese {
		return reminderPhrases{
			askSubject: "请确认开播提醒：{title}", askHead: "“{title}”开播时提醒您？", askWhy: "有人（应该是您本人）在 {site} 预约了开播提醒。", at: "计划时间：{when}。", askAct: "确认提醒我",
			askThen: "确认之前，我们不会再写信给您；48 小时内未确认，此地址即被删除。", unasked: "如果与您无关，请忽略此邮件。",
			onSubject: "开播了：{title}", onHead: "“{title}”已经开播", onWhy: "您预约了这场直播的提醒。", onAct: "立即观看",
			soonSubject: "{title}：{when} 开播", soonHead: "“{title}”将于 {when} 开播",
			movedSubject: "时间更改：{title}", movedHead: "“{title}”的时间更改了", movedWhy: "新的时间：{when}。开播时我们会提醒您。", movedAct: "查看直播页面",
			offSubject: "直播取消：{title}", offHead: "“{title}”已取消", offWhy: "您预约的直播不再举行。您的地址已被删除。",
			then: "我们只为这一场直播写信给您，直播结束后即删除您的地址。", leave: "取消提醒并删除我的地址",
		}
	}
	return reminderPhrases{
		askSubject: "Please confirm your reminder: {title}", askHead: "Shall we tell you when “{title}” begins?", askWhy: "Somebody, most likely you, asked for a reminder at {site}.", at: "The show is planned for {when}.", askAct: "Yes, remind me",
		askThen: "Until you confirm, we do not write again. If you do not confirm within 48 hours, this address is erased.", unasked: "If you did not ask for it, ignore this message.",
		onSubject: "It is on: {title}", onHead: "“{title}” is on now", onWhy: "You asked to be told when this show begins.", onAct: "Watch now",
		soonSubject: "{title} begins: {when}", soonHead: "“{title}” begins: {when}",
		movedSubject: "New time: {title}", movedHead: "“{title}” has another time", movedWhy: "The new time is {when}. We tell you when it begins.", movedAct: "See the page of the show",
		offSubject: "Cancelled: {title}", offHead: "“{title}” does not take place", offWhy: "The show of which you wanted to be told was cancelled. Your address is erased.",
		then: "We write to you about this show alone, and erase your address after it.", leave: "Cancel the reminder, and erase my address",
	}
}
