// What masto.js 8, made for Mastodon 4.6, knows and this node does not have: each with its reason.

const NEWER = "Mastodon 4.6 has it; the node says that it speaks the API of 4.5";
const NOTHING = "nothing of the kind is ever there";
const NO_FIGURES = "nobody's days are counted here";
const NO_RULES = "who may join is decided by the council, not by rules of address";
const UNKNOWN = "Mastodon's documentation has no such property";
const TEXT = "text in Mastodon's documentation";
const NULL = "may be null in Mastodon's documentation";
const ADMINS = "an Admin::Account in Mastodon's documentation, or null";

// Properties (Interface.property), or whole answers, that are absent or otherwise than declared.
export const OTHERWISE = {
  "Account.featureApproval": NEWER,
  "Tag.id": `${NEWER}, in the hashtags of a status`,
  "Profile.featuredTags": NEWER,
  "InstanceThumbnail.description": NEWER,
  "InstanceAccountsConfiguration.maxDisplayNameLength": NEWER,
  "InstanceAccountsConfiguration.maxNoteLength": NEWER,
  "InstanceAccountsConfiguration.maxAvatarDescriptionLength": NEWER,
  "InstanceAccountsConfiguration.maxHeaderDescriptionLength": NEWER,
  "InstanceAccountsConfiguration.maxProfileFields": NEWER,
  "InstanceAccountsConfiguration.profileFieldNameLimit": NEWER,
  "InstanceAccountsConfiguration.profileFieldValueLimit": NEWER,
  "Role.collectionLimit": NEWER,
  "Role.createdAt": UNKNOWN,
  "Role.updatedAt": UNKNOWN,
  "Role.position": UNKNOWN,
  "Role.id": TEXT,
  "Role.permissions": TEXT,
  "AccountSource.role": UNKNOWN,
  "PollOption.emojis": UNKNOWN,
  "FeaturedTag.statusesCount": TEXT,
  "NotificationRequest.notificationsCount": TEXT,
  "BaseNotificationGroup.mostRecentNotificationId": "a number in Mastodon's documentation",
  "BaseNotificationGroup.sampleAccountIds": "a list in Mastodon's documentation",
  "InstanceApiVersions.mastodon": "a number in Mastodon's documentation",
  "WebPushSubscription.id": "a number in Mastodon's documentation",
  "Client.clientSecretExpiresAt": "0 in Mastodon's documentation",
  "WebPushSubscriptionAlerts.admin": "masto.js makes adminSignUp of admin.sign_up",
  "DomainBlock.rejectReposts": "misspelt; the documentation has reject_reports",
  "ScheduledStatus.params": "declared as a status with its id, which there is none of yet",
  "Account.lastStatusAt": NULL,
  "Account.locale": NULL,
  "Relationship.languages": NULL,
  "Status.application": NULL,
  "InstanceThumbnail.blurhash": NULL,
  "InstanceContact.account": NULL,
  "InstanceThumbnail.versions": "optional in Mastodon's documentation",
  "Filter.keywords": "left out, as by Mastodon, where a filter says what it found",
  "Filter.statuses": "left out, as by Mastodon, where a filter says what it found",
  "v1.instance.languages.list": "Mastodon gives a code and a name of each",
  "Report.account": ADMINS,
  "Report.targetAccount": ADMINS,
  "Report.assignedAccount": ADMINS,
  "Report.actionTakenByAccount": ADMINS,
};

// Methods that are answered 404: a whole branch by its first words.
export const UNSERVED = {
  "v1.collections": NEWER,
  "v1.accounts.$select.collections": NEWER,
  "v1.accounts.$select.inCollections": NEWER,
  "v1.announcements.$select": NOTHING,
  "v1.annualReports.$select.fetch": NOTHING,
  "v1.annualReports.$select.read": NOTHING,
  "v1.admin.trends.tags.$select": NOTHING,
  "v1.admin.trends.statuses.$select": NOTHING,
  "v1.admin.trends.links.$select": NOTHING,
  "v1.admin.trends.links.publishers.$select": NOTHING,
  "v1.admin.canonicalEmailBlocks": NO_RULES,
  "v1.admin.emailDomainBlocks": NO_RULES,
  "v1.admin.ipBlocks": NO_RULES,
  "v1.admin.measures": NO_FIGURES,
  "v1.admin.dimensions": NO_FIGURES,
  "v1.admin.retention": NO_FIGURES,
  "v1.statuses.$select.card": "Mastodon has not served it since 3.0; a card stands in its status",
  "v1.timelines.link": "nothing trends, so no link has a timeline",
};
