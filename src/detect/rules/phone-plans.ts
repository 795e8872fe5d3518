/**
 * National number patterns by country calling code, from Google's libphonenumber by way of
 * libphonenumber-js (metadata.min.json). Written by `npx tsx test/detect/rules/phone-plans.write.ts`.
 */
export const PHONE_PLANS = String.raw`
1 [2-9]\d{9}|3\d{6}
7 8\d{13}|[347-9]\d{9}|8\d{13}|[78]\d{9}
34 400\d{6}|(?:51|[6-9]\d)\d{7}
55 [1-467]\d{9,10}|55[0-46-9]\d{8}|[34]\d{7}|55\d{7,8}|(?:5[0-46-9]|[89]\d)\d{7,9}
`

/** Of the other codes: least and greatest length of a number, `211-9979` being 9 to 9 for 211, 7 to 9 for 212. */
export const PHONE_LENGTHS = `
20-8a 27-5a 30-ac5b8999 36-89 39-6c699c 43-4d7a886c586a4f 51-89aa6aab 56-9b8baa 60-8a5c7h6d5a8b8d
81-8h5e 84-7a 86-7c 90-7d8d8c99996a 98-4a 211-999989 216-88 218-99 220-7999888889aa888888aa7a798889ae88888977779978997a997977567799899969887a99998889
260-9999997a8979887a8977 290-4577 297-776666 350-88994b7a796988885c6c 370-88887a88886b69898a
380-9a6c898c 385-795889 389-88 420-9c69 423-79 500-557b8b7b8b888a7b6988 590-9989778b996b99674d78
670-78 672-667777785757577b77695547 685-5a58665769477777 800-88 808-88 850-8a 852-5b78 855-8a8a
870-9c 878-cc 880-6a9a7c8c 886-7b 888-bb 960-7a7889898a789a7979 970-8a5c7c887b788a8b 979-99
992-998899999a 998-99
`
